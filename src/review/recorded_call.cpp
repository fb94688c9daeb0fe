#include "approvekit/recorded_call.hpp"

#include "approvekit/error.hpp"
#include "text/ascii.hpp"

#include <map>
#include <utility>

namespace approvekit {
namespace {

/// Whether the entry tells what became of a call that an older entry decided.
bool tells_of_end(const AuditEntry& entry) noexcept {
    switch (entry.decision) {
        case AuditEvent::refused:
        case AuditEvent::executed:
        case AuditEvent::failed:
        case AuditEvent::unknown:
            return true;
        default:
            return false;
    }
}

/// Whether the entry is the only one of its call: a stop was in the way before it was on record, or its key was another's.
bool stands_alone(const AuditEntry& entry) noexcept {
    return tells_of_end(entry) && entry.request_id == auto_request_id && entry.follows.empty();
}

/// Whether the entry decides no call and ends none.
bool is_aside(const AuditEntry& entry) noexcept {
    switch (entry.decision) {
        case AuditEvent::resumed:
        case AuditEvent::stopped:
        case AuditEvent::lifted:
        case AuditEvent::voted:
            return true;
        default:
            return false;
    }
}

/// Puts entries together to calls, which come newest first.
class CallAssembly {
public:
    explicit CallAssembly(const std::function<bool(RecordedCall)>& visit) : visit_(visit) {}

    /// Returns whether more is wanted.
    bool add(const AuditEntry& entry) {
        if (is_aside(entry)) return true;
        if (stands_alone(entry)) return visit_({entry, std::nullopt});
        if (tells_of_end(entry)) {
            ends_.try_emplace(entry.follows.empty() ? entry.request_id : entry.follows, entry);
            return true;
        }
        RecordedCall call{entry, take_end(entry.id)};
        auto by_request = entry.request_id == auto_request_id ? std::nullopt : take_end(entry.request_id);
        if (!call.end) call.end = std::move(by_request);
        return visit_(std::move(call));
    }

    /// What no older entry decided stands for itself.
    void finish() {
        for (auto& [place, entry] : ends_) {
            if (!visit_({std::move(entry), std::nullopt})) return;
        }
    }

private:
    std::optional<AuditEntry> take_end(const std::string& place) {
        auto node = ends_.extract(place);
        return node ? std::optional(std::move(node.mapped())) : std::nullopt;
    }

    const std::function<bool(RecordedCall)>& visit_;
    std::map<std::string, AuditEntry> ends_;  // by the decision's entry, or by request
};

bool mentions(const AuditEntry& entry, std::string_view lower_text) {
    const auto has = [&](std::string_view text) {
        return text::lower_case(text).find(lower_text) != std::string::npos;
    };
    return has(entry.tool_name) || has(entry.tool_args.dump(-1, ' ', false, Json::error_handler_t::replace)) ||
           has(entry.reviewer_notes.value_or(""));
}

bool is_asked_for(const RecordedCall& call, const CallQuery& query, std::string_view lower_text) {
    const AuditEntry& decision = call.decision;
    if (!query.request_id.empty() && decision.request_id != query.request_id) return false;
    if (!query.tool.empty() && decision.tool_name != query.tool) return false;
    if (!query.reviewer.empty() && decision.reviewer != query.reviewer) return false;
    if (query.status && decision.decision != *query.status && call.status() != *query.status) return false;
    if (query.since && decision.timestamp < *query.since) return false;
    if (query.until && decision.timestamp >= *query.until) return false;
    return lower_text.empty() || mentions(decision, lower_text) || (call.end && mentions(*call.end, lower_text));
}

}  // namespace

void visit_calls(Storage& record, const std::function<bool(RecordedCall)>& visit) {
    CallAssembly assembly(visit);
    AuditQuery query{.request_id = {}, .limit = 200, .cursor = {}, .oldest_first = false};
    do {
        const AuditPage page = record.audit(query);
        for (const AuditEntry& entry : page.entries) {
            if (!assembly.add(entry)) return;
        }
        query.cursor = page.next;
    } while (!query.cursor.empty());
    assembly.finish();
}

CallPage find_calls(Storage& record, const CallQuery& query) {
    const std::string lower_text = text::lower_case(query.text);
    CallPage page;
    bool is_behind_cursor = query.cursor.empty();
    visit_calls(record, [&](RecordedCall call) {
        if (!is_behind_cursor) {
            is_behind_cursor = call.decision.id == query.cursor;
            return true;
        }
        if (!is_asked_for(call, query, lower_text)) return true;
        if (page.calls.size() == query.limit) {
            page.next = page.calls.back().decision.id;
            return false;
        }
        page.calls.push_back(std::move(call));
        return true;
    });
    if (is_behind_cursor) return page;
    throw Error(ErrorCode::invalid_option, "the cursor is not one that a page handed out; start without one");
}

Json to_json_view(const RecordedCall& call) {
    return {{"status", to_string(call.status())},
            {"decision", to_json_view(call.decision)},
            {"end", call.end ? to_json_view(*call.end) : Json()}};
}

}  // namespace approvekit
