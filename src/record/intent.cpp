#include "record/transitions.hpp"

#include "approvekit/error.hpp"
#include "record/grant_book.hpp"
#include "record/limit_book.hpp"
#include "record/stop_control.hpp"

#include <optional>
#include <utility>

namespace approvekit::record {

std::exception_ptr refusal_by(const Stop& stop, const std::string& tool_name, const std::string& request_id) {
    return std::make_exception_ptr(StoppedError(tool_name, request_id, stop.id, stop.reviewer, stop.way, stop.reason));
}

std::exception_ptr beyond_limit(const LimitUse& use, const std::string& tool_name, const std::string& request_id) {
    const bool may_be_held = request_id.empty() && use.beyond == Beyond::hold;
    return std::make_exception_ptr(LimitReachedError(tool_name, request_id, use.words, may_be_held));
}

bool Transitions::has_room_in_grant(const Intent& intent) {
    return intent.grant == nullptr || GrantBook(work_, *intent.grant).has_room();
}

Result<std::string> Transitions::allow(const Intent& intent) {
    std::optional<GrantBook> grant;
    if (intent.grant != nullptr) grant.emplace(work_, *intent.grant);
    if (grant && !grant->has_room()) return {};
    const Stop* const stop = StopControl(work_).in_the_way(intent.tool_name, intent.agent);
    if (stop == nullptr) {
        Result<std::string> entry = allow_within_limit(intent);
        if (grant && !entry.refusal) grant->count(entry.value);
        return entry;
    }
    const std::string note = "stopped by " + stop->reviewer + " (stop " + stop->id + "): " + stop->reason;
    audit_.refusal({intent.tool_name, intent.tool_args, intent.metadata, note});
    return {{}, refusal_by(*stop, std::string(intent.tool_name), "")};
}

Result<std::string> Transitions::allow_within_limit(const Intent& intent) {
    if (intent.use == nullptr) return {audit_.intent(intent, AuditEvent::approved), nullptr};
    LimitBook book(work_, *intent.use);
    if (!book.has_room()) {
        if (intent.use->beyond == Beyond::deny) {
            audit_.refusal(
                {intent.tool_name, intent.tool_args, intent.metadata, beyond_limit_note + intent.use->words});
        }
        return {{}, beyond_limit(*intent.use, std::string(intent.tool_name), "")};
    }
    std::string entry_id = audit_.intent(intent, AuditEvent::approved);
    book.count(entry_id);
    return {std::move(entry_id), nullptr};
}

std::exception_ptr Transitions::objection_by_limit(const Intent& intent) {
    if (intent.use == nullptr || LimitBook(work_, *intent.use).has_room()) return nullptr;
    return beyond_limit(*intent.use, std::string(intent.tool_name), "");
}

std::string Transitions::deny(const Intent& intent) {
    return audit_.intent(intent, AuditEvent::denied);
}

}  // namespace approvekit::record
