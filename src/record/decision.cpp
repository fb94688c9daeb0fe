#include "approvekit/decision.hpp"

#include "text/enum_names.hpp"

namespace approvekit {
namespace {

constexpr EnumNames<Verdict, 2> verdict_names({
    {Verdict::approve, "approve"},
    {Verdict::reject, "reject"},
});

}  // namespace

std::string_view to_string(Verdict verdict) noexcept {
    return verdict_names.text(verdict);
}

std::optional<Verdict> parse_verdict(std::string_view text) noexcept {
    return verdict_names.value(text);
}

}  // namespace approvekit
