#include "approvekit/recorded_call.hpp"

#include "approvekit/error.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace approvekit {
namespace {

/// What an entry is to the call that it tells of.
enum class Part { decision, run, more, none };

Part part_of(const AuditEntry& entry) noexcept {
    switch (entry.decision) {
        case AuditEvent::executed:
        case AuditEvent::failed:
        case AuditEvent::unknown:
            return Part::run;
        case AuditEvent::refused:
            return entry.request_id == auto_request_id && entry.follows.empty() ? Part::decision : Part::more;
        case AuditEvent::voted:
        case AuditEvent::resumed:
        case AuditEvent::stopped:
        case AuditEvent::lifted:
        case AuditEvent::revoked:
        case AuditEvent::archived:
        case AuditEvent::held:
        case AuditEvent::released:
            return Part::none;
        default:
            return Part::decision;
    }
}

/// Puts entries together to calls, which come newest first.
class CallAssembly {
public:
    explicit CallAssembly(const std::function<bool(RecordedCall)>& visit) : visit_(visit) {}

    /// Returns whether more is wanted.
    bool add(const AuditEntry& entry) {
        const Part part = part_of(entry);
        if (part == Part::none) return true;
        if (part == Part::decision) return visit_(call_of(entry));
        waiting_[entry.follows.empty() ? place_of(entry) : entry.follows].push_back({count_++, entry});
        return true;
    }

    /// What no older entry decided stands for itself.
    void finish() {
        std::map<std::size_t, AuditEntry> left;
        for (auto& [place, told] : waiting_) {
            for (auto& [number, entry] : told)
                left.emplace(number, std::move(entry));
        }
        for (auto& [number, entry] : left) {
            if (!visit_({std::move(entry), std::nullopt, {}})) return;
        }
    }

private:
    struct Told {
        std::size_t number;
        AuditEntry entry;
    };

    static std::string place_of(const AuditEntry& entry) {
        return entry.request_id == auto_request_id ? entry.id : entry.request_id;
    }

    RecordedCall call_of(const AuditEntry& decision) {
        std::vector<Told> told = take(decision.id);
        for (Told& one : take(place_of(decision)))
            told.push_back(std::move(one));
        std::sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.number < b.number; });
        RecordedCall call{decision, std::nullopt, {}};
        const auto end = end_among(told);
        for (auto one = told.begin(); one != told.end(); ++one) {
            if (one == end)
                call.end = std::move(one->entry);
            else
                call.others.push_back(std::move(one->entry));
        }
        return call;
    }

    /// A tool that ran has run, whatever was refused afterwards.
    static std::vector<Told>::iterator end_among(std::vector<Told>& told) {
        const auto run =
            std::find_if(told.begin(), told.end(), [](const Told& one) { return part_of(one.entry) == Part::run; });
        if (run != told.end()) return run;
        return std::find_if(told.begin(), told.end(),
                            [](const Told& one) { return one.entry.decision == AuditEvent::refused; });
    }

    std::vector<Told> take(const std::string& place) {
        auto node = waiting_.extract(place);
        return node ? std::move(node.mapped()) : std::vector<Told>();
    }

    const std::function<bool(RecordedCall)>& visit_;
    std::map<std::string, std::vector<Told>> waiting_;  // by the decision's entry, or by request
    std::size_t count_ = 0;
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
    const auto has_text = [&](const AuditEntry& entry) { return mentions(entry, lower_text); };
    return lower_text.empty() || has_text(decision) || (call.end && has_text(*call.end)) ||
           std::any_of(call.others.begin(), call.others.end(), has_text);
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
    Json others = Json::array();
    for (const AuditEntry& entry : call.others)
        others.push_back(to_json_view(entry));
    return {{"status", to_string(call.status())},
            {"decision", to_json_view(call.decision)},
            {"end", call.end ? to_json_view(*call.end) : Json()},
            {"others", std::move(others)}};
}

}  // namespace approvekit
