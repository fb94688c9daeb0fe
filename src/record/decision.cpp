#include "approvekit/decision.hpp"

#include "base/enum_names.hpp"
#include "record/edits.hpp"
#include "record/ways.hpp"

namespace approvekit {
namespace {

constexpr base::EnumNames<Verdict, 3> verdict_names({
    {Verdict::approve, "approve"},
    {Verdict::reject, "reject"},
    {Verdict::answer, "answer"},
});

constexpr base::EnumNames<Shown, 4> shown_names({
    {Shown::not_recorded, "not recorded"},
    {Shown::by_id, "by id"},
    {Shown::in_part, "in part"},
    {Shown::whole, "whole"},
});

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
    return verdict_names.text(verdict);
}

std::optional<Verdict> parse_verdict(std::string_view text) noexcept {
    return verdict_names.value(text);
}

bool is_same_decision(const Decision& taken, const Decision& again) {
    // A decision that another program wrote into the record belongs to no reviewer, whatever name it has.
    if (taken.way == record::way::database || taken.reviewer != again.reviewer) return false;
    if (taken.verdict != again.verdict || taken.notes != again.notes) return false;
    if (!record::is_same_edit(taken.edits, again.edits) || !record::is_same_edit(taken.answer, again.answer))
        return false;
    if (taken.grant.has_value() != again.grant.has_value()) return false;
    if (taken.grant && !taken.grant->is_like(*again.grant)) return false;
    if (!again.view_digest.empty() && again.view_digest != taken.view_digest) return false;
    if (!taken.signature || !again.signature) return !taken.signature && !again.signature;
    return taken.signature->key_id == again.signature->key_id &&
           taken.signature->statement == again.signature->statement;
}

std::string_view to_string(Shown shown) noexcept {
    return shown_names.text(shown);
}

std::optional<Shown> parse_shown(std::string_view text) noexcept {
    return shown_names.value(text);
}

}  // namespace approvekit
