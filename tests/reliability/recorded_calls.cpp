#include "recorded_calls.hpp"

#include "approvekit/json.hpp"
#include "approvekit/request.hpp"

#include <vector>

namespace approvekit::testing {
namespace {

using Rows = std::vector<RecordRow>;

constexpr const char* requests =
    "SELECT r.id, r.tool_args, r.status, o.run, o.is_open, s.number IS NOT NULL AND s.ended_at IS NULL, o.session = 0 "
    "AND o.run = 'none', r.metadata FROM approval_requests r JOIN approvekit_requests o ON o.request_id = r.id LEFT "
    "JOIN approvekit_sessions s ON s.number = o.session";

constexpr const char* votes =
    "SELECT v.request_id, v.verdict || ' ' || coalesce(a.event, 'untold'), v.verdict, v.reviewer FROM approvekit_votes "
    "v LEFT JOIN approvekit_audit a ON a.entry_id = v.entry_id AND a.request_id = v.request_id";

constexpr const char* decisions = "SELECT request_id, verdict FROM approvekit_decisions";

constexpr const char* entries =
    "SELECT a.entry_id, a.request_id, a.event, a.follows, l.tool_args, s.ended_at IS NULL, a.tool_args FROM "
    "approvekit_audit a LEFT JOIN audit_log l ON l.id = a.entry_id LEFT JOIN approvekit_sessions s ON s.number = "
    "a.session ORDER BY a.seq";

std::string name_in(const std::string& arguments) {
    if (arguments.empty()) return {};
    const Json parsed = Json::parse(arguments, nullptr, false);
    return parsed.is_object() ? parsed.value("call", "") : std::string();
}

int approvals_in(const std::string& metadata) {
    const Json parsed = Json::parse(metadata, nullptr, false);
    const auto quorum = parsed.is_object() ? parsed.find("quorum") : parsed.end();
    return quorum == parsed.end() ? 0 : quorum->value("approvals", 0);
}

void take_requests(const Rows& rows, RecordedCalls& calls) {
    for (const RecordRow& row : rows) {
        RecordedCall& call = calls[row.at(0)];
        call.name = name_in(row.at(1));
        call.status = row.at(2);
        call.run = row.at(3);
        call.is_open = says_yes(row.at(4));
        call.has_live_session = says_yes(row.at(5));
        call.awaits_agent = says_yes(row.at(6));
        call.approvals = approvals_in(row.at(7));
    }
}

void take_votes(const Rows& rows, RecordedCalls& calls) {
    for (const RecordRow& row : rows) {
        RecordedCall& call = calls[row.at(0)];
        ++call.votes[row.at(1)];
        if (row.at(2) == "approve") call.voters.insert(row.at(3));
    }
}

void take_decisions(const Rows& rows, RecordedCalls& calls) {
    for (const RecordRow& row : rows)
        ++calls[row.at(0)].verdicts[row.at(1)];
}

/// A call that a stop or a limit refused before anything else was recorded about it.
void take_refusal(const RecordRow& row, RecordedCalls& calls) {
    RecordedCall& call = calls[row.at(0)];
    call.name = name_in(row.at(6));
    call.status = "stopped";
    ++call.entries["refused"];
}

void take_entry(const RecordRow& row, RecordedCalls& calls) {
    const std::string& event = row.at(2);
    if (event == "resumed") return;  // any number of times, since agents may come back
    if (event == "stopped" || event == "lifted") return;
    const bool by_policy = row.at(1) == auto_request_id;
    if (by_policy && event == "refused" && row.at(3).empty()) return take_refusal(row, calls);
    if (event == "voted") {
        ++calls[row.at(1)].told_votes;
        return;
    }
    const std::size_t key = !by_policy ? 1 : event == "approved" ? 0 : 3;
    RecordedCall& call = calls[row.at(key)];
    ++call.entries[event];
    if (!by_policy || event != "approved") return;
    call.name = name_in(row.at(4));
    call.has_live_session = says_yes(row.at(5));
}

}  // namespace

RecordedCalls read_calls(const TestRecord& record) {
    const std::vector<Rows> all = record.read({requests, decisions, votes, entries});
    RecordedCalls calls;
    take_requests(all.at(0), calls);
    take_decisions(all.at(1), calls);
    take_votes(all.at(2), calls);
    for (const RecordRow& row : all.at(3))
        take_entry(row, calls);
    return calls;
}

}  // namespace approvekit::testing
