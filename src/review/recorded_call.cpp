#include "approvekit/recorded_call.hpp"

#include "json/json_view.hpp"
#include "review/call_assembly.hpp"
#include "review/call_reader.hpp"
#include "review/call_search.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace approvekit {
namespace {

constexpr std::size_t entries_of_a_page = 200;

/// Returns the entry at that place if it decides a call.
std::optional<AuditEntry> decision_at(Storage& record, std::int64_t sequence) {
    if (sequence == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    AuditPage page =
        record.audit({.request_id = {}, .limit = 1, .cursor = std::to_string(sequence + 1), .oldest_first = false});
    if (page.entries.empty() || page.entries.front().sequence != sequence) return std::nullopt;
    if (review::part_of(page.entries.front()) != review::CallPart::decision) return std::nullopt;
    return std::move(page.entries.front());
}

/// A call that no request precedes. What follows its decision is usually near it.
RecordedCall call_decided_by(Storage& record, AuditEntry decision) {
    RecordedCall call{std::move(decision), std::nullopt, {}};
    AuditQuery query{.request_id = {},
                     .limit = entries_of_a_page,
                     .cursor = std::to_string(call.decision.sequence),
                     .oldest_first = true};
    while (call.decision.decision == AuditEvent::approved) {
        AuditPage page = record.audit(query);
        const auto end = std::find_if(page.entries.begin(), page.entries.end(),
                                      [&](const AuditEntry& entry) { return entry.follows == call.decision.id; });
        if (end != page.entries.end()) call.end = std::move(*end);
        if (call.end || page.next.empty()) break;
        query.cursor = page.next;
    }
    return call;
}

}  // namespace

void visit_calls(Storage& record, const std::function<bool(RecordedCall)>& visit) {
    review::CallReader reader(record);
    while (auto call = reader.next()) {
        if (!visit(*std::move(call))) return;
    }
}

CallPage find_calls(Storage& record, const CallQuery& query) {
    review::CallSearch search(record, query);
    review::PageRoom room(query.limit);
    CallPage page;
    std::string behind;
    while (auto call = search.next()) {
        if (!room.is_left()) {
            page.next = behind;
            page.reached = page.calls.back().decision.timestamp;
            return page;
        }
        search.name_agent(*call);
        room.take(*call);
        page.calls.push_back(*std::move(call));
        if (!room.is_left()) behind = search.cursor();
    }
    page.next = search.cursor();
    page.reached = search.reached(page.next);
    return page;
}

CallCount count_calls(Storage& record, const CallQuery& query) {
    review::CallSearch search(record, query);
    CallCount count;
    const std::size_t most = query.most_entries == 0 ? std::numeric_limits<std::size_t>::max() : query.most_entries;
    while (search.entries_read() < most && search.next())
        ++count.calls;
    count.next = search.cursor();
    count.reached = search.reached(count.next);
    return count;
}

std::optional<RecordedCall> find_call(Storage& record, std::int64_t sequence) {
    auto decision = decision_at(record, sequence);
    if (!decision) return std::nullopt;
    if (decision->request_id == auto_request_id) return call_decided_by(record, *std::move(decision));
    CallQuery query;
    query.request_id = decision->request_id;
    review::CallSearch search(record, query);
    while (auto call = search.next()) {
        if (call->decision.sequence != sequence) continue;
        search.name_agent(*call);
        return call;
    }
    return std::nullopt;
}

Json to_json_view(const RecordedCall& call) {
    Json others = Json::array();
    for (const AuditEntry& entry : call.others)
        others.push_back(to_json_view(entry));
    Json view = {{"status", to_string(call.status())},
                 {"agent", json::text_or_null(call.agent)},
                 {"decision", to_json_view(call.decision)},
                 {"end", call.end ? to_json_view(*call.end) : Json()},
                 {"others", std::move(others)}};
    if (call.others_left_out > 0) view["others_left_out"] = call.others_left_out;
    return view;
}

}  // namespace approvekit
