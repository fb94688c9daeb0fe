#include "record_check.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "support/other_program.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <set>
#include <utility>

namespace approvekit::testing {
namespace {

using Counts = std::map<std::string, int>;

int count(const Counts& counts, const std::string& name) {
    const auto at = counts.find(name);
    return at == counts.end() ? 0 : at->second;
}

std::string text_of(const Counts& counts) {
    std::string text;
    for (const auto& [name, number] : counts)
        text += (text.empty() ? "" : ", ") + std::to_string(number) + " " + name;
    return text.empty() ? "nothing" : text;
}

/// A held call, or one that the policy allowed.
struct Call {
    std::string name;
    std::string status = "auto";
    std::string run = "none";
    bool is_open = false;
    bool has_live_session = true;
    bool awaits_agent = false;  ///< of a call with a key, whose agent is gone
    Counts verdicts;
    Counts entries;  ///< of the audit, by event, without those of votes that others followed

    int approvals = 0;             ///< how many its quorum takes; 0: it has none
    int told_votes = 0;            ///< entries of votes that others followed
    Counts votes;                  ///< by verdict and the event that tells of it
    std::set<std::string> voters;  ///< who approved it
};

using Calls = std::map<std::string, Call>;  // by request id, or by the intent's entry id

void read_requests(SQLite::Database& database, Calls& calls) {
    SQLite::Statement rows(database,
                           "SELECT r.id, json_extract(r.tool_args, '$.call'), r.status, o.run, o.is_open, "
                           "s.number IS NOT NULL AND s.ended_at IS NULL, o.session = 0 AND o.run = 'none', "
                           "coalesce(json_extract(r.metadata, '$.quorum.approvals'), 0) FROM approval_requests r JOIN "
                           "approvekit_requests o ON o.request_id = r.id LEFT JOIN approvekit_sessions s ON s.number = "
                           "o.session");
    while (rows.executeStep()) {
        Call& call = calls[rows.getColumn(0).getString()];
        call.name = rows.getColumn(1).getString();
        call.status = rows.getColumn(2).getString();
        call.run = rows.getColumn(3).getString();
        call.is_open = rows.getColumn(4).getInt() != 0;
        call.has_live_session = rows.getColumn(5).getInt() != 0;
        call.awaits_agent = rows.getColumn(6).getInt() != 0;
        call.approvals = rows.getColumn(7).getInt();
    }
}

void read_votes(SQLite::Database& database, Calls& calls) {
    SQLite::Statement rows(database,
                           "SELECT v.request_id, v.verdict || ' ' || coalesce(a.event, 'untold'), v.verdict, "
                           "v.reviewer FROM approvekit_votes v LEFT JOIN approvekit_audit a ON a.entry_id = "
                           "v.entry_id AND a.request_id = v.request_id");
    while (rows.executeStep()) {
        Call& call = calls[rows.getColumn(0).getString()];
        ++call.votes[rows.getColumn(1).getString()];
        if (rows.getColumn(2).getString() == "approve") call.voters.insert(rows.getColumn(3).getString());
    }
}

void read_decisions(SQLite::Database& database, Calls& calls) {
    SQLite::Statement rows(database, "SELECT request_id, verdict FROM approvekit_decisions");
    while (rows.executeStep())
        ++calls[rows.getColumn(0).getString()].verdicts[rows.getColumn(1).getString()];
}

void read_entries(SQLite::Database& database, Calls& calls) {
    SQLite::Statement rows(database,
                           "SELECT a.entry_id, a.request_id, a.event, a.follows, json_extract(l.tool_args, '$.call'), "
                           "s.ended_at IS NULL, iif(a.event = 'refused', json_extract(nullif(a.tool_args, ''), "
                           "'$.call'), NULL) FROM approvekit_audit a LEFT JOIN audit_log l ON l.id = a.entry_id LEFT "
                           "JOIN approvekit_sessions s ON s.number = a.session ORDER BY a.seq");
    while (rows.executeStep()) {
        const std::string event = rows.getColumn(2).getString();
        if (event == "resumed") continue;  // as often as agents came back
        if (event == "stopped" || event == "lifted") continue;
        const bool by_policy = rows.getColumn(1).getString() == auto_request_id;
        if (by_policy && event == "refused" && rows.getColumn(3).getString().empty()) {
            Call& call = calls[rows.getColumn(0).getString()];
            call.name = rows.getColumn(6).getString();
            call.status = "stopped";
            ++call.entries[event];
            continue;
        }
        if (event == "voted") {
            ++calls[rows.getColumn(1).getString()].told_votes;
            continue;
        }
        const int key = !by_policy ? 1 : event == "approved" ? 0 : 3;
        Call& call = calls[rows.getColumn(key).getString()];
        ++call.entries[event];
        if (!by_policy || event != "approved") continue;
        call.name = rows.getColumn(4).getString();
        call.has_live_session = rows.getColumn(5).getInt() != 0;
    }
}

/// The audit entries that a call in this state must have, and no others.
Counts expected_entries(const Call& call) {
    if (call.status == "pending") return {};
    if (call.status == "stopped") return {{"refused", 1}};
    Counts expected{{call.status == "auto" ? "approved" : call.status, 1}};
    const bool started = call.run != "none";
    if (started && call.run != "running") expected[call.run] = 1;
    if (expected.contains("approved") && !started && !call.is_open) expected["refused"] = 1;
    return expected;
}

/// The rows of votes that a call in this state must have, and no others.
Counts expected_votes(const Call& call) {
    Counts expected;
    if (call.approvals == 0) return expected;
    if (call.told_votes > 0) expected["approve voted"] = call.told_votes;
    if (call.status == "approved") expected["approve approved"] = 1;
    if (call.status == "rejected") expected["reject rejected"] = 1;
    return expected;
}

Counts expected_verdicts(const Call& call) {
    if (call.status == "approved") return {{"approve", 1}};
    if (call.status == "rejected") return {{"reject", 1}};
    return {};
}

/// What the policy allowed has no state but its entries.
void conclude_run(Call& call) {
    call.run = "running";
    for (const char* outcome : {"executed", "failed", "unknown"}) {
        if (count(call.entries, outcome) > 0) call.run = outcome;
    }
    if (count(call.entries, "refused") > 0) call.run = "none";
    call.is_open = call.run == "running";
}

class Examination {
public:
    Examination(const Counts& before, const Counts& after, Agents agents)
        : before_(before), after_(after), agents_(agents) {}

    void examine(const std::string& id, Call& call) {
        if (call.status == "auto") conclude_run(call);
        subject_ = call.status + " call " + call.name + " (" + id + ", run " + call.run + ")";
        if (call.entries != expected_entries(call)) blame("has the audit entries " + text_of(call.entries));
        if (call.verdicts != expected_verdicts(call)) blame("has the decisions " + text_of(call.verdicts));
        examine_votes(call);
        examine_life(call);
        examine_effect(call);
        report_.calls[call.name] = call.status + ", " + (call.is_open ? "open" : call.run);
    }

    /// What took effect must have stood in the record before.
    RecordReport finish() {
        for (const auto& [name, number] : before_) {
            subject_ = "call " + name;
            if (!report_.calls.contains(name)) blame("took effect and the record knows nothing of it");
        }
        return std::move(report_);
    }

    void blame(const std::string& what) { report_.faults.push_back(subject_ + " " + what); }

private:
    void examine_votes(const Call& call) {
        if (call.votes != expected_votes(call)) blame("has the votes " + text_of(call.votes));
        if (call.approvals == 0) return;
        const bool is_enough = std::cmp_greater_equal(call.voters.size(), call.approvals);
        // Who approved it may reject it after that.
        const bool should_be = call.status == "approved";
        if (call.status != "rejected" && is_enough != should_be)
            blame("has the approval of " + std::to_string(call.voters.size()) + " people");
    }

    void examine_life(const Call& call) {
        if (!call.is_open || call.awaits_agent) return;
        if (agents_ == Agents::all_gone) blame("is left open though every agent is gone");
        if (!call.has_live_session) blame("is open though its session has ended");
    }

    void examine_effect(const Call& call) {
        const bool may_have_run = (call.status == "auto" || call.status == "approved") && call.run != "none";
        if (count(after_, call.name) > 1) blame("took effect more than once");
        if (!may_have_run && count(before_, call.name) > 0) blame("took effect");
        if (call.run == "executed" && count(after_, call.name) == 0) blame("took no effect");
    }

    const Counts& before_;
    const Counts& after_;
    Agents agents_;
    std::string subject_;
    RecordReport report_;
};

std::vector<std::string> sweep_and_verify(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return {"there is no database"};
    // One that nobody could write into yet counts as new.
    SqliteStorage storage(path);
    storage.sweep();
    const AuditReport report = storage.verify_audit();
    std::vector<std::string> faults;
    if (!report.intact()) faults.push_back("the chain is broken: " + report.fault->what);
    if (report.foreign_entries != 0) faults.emplace_back("audit rows stand outside the chain");
    return faults;
}

Calls read_calls(SQLite::Database& database) {
    Calls calls;
    SQLite::Transaction snapshot(database);
    read_requests(database, calls);
    read_decisions(database, calls);
    read_votes(database, calls);
    read_entries(database, calls);
    return calls;
}

}  // namespace

std::string RecordReport::text() const {
    std::string text;
    for (const std::string& fault : faults)
        text += fault + "\n";
    return text;
}

RecordReport check_record(const std::filesystem::path& path, const Effects& effects, Agents agents) {
    std::vector<std::string> faults = sweep_and_verify(path);
    // The order matters while agents are at work: what was in effect before must be on record now, and what is on
    // record now as executed must be in effect after.
    const Counts before = effects.read();
    SQLite::Database database = as_other_program(path);
    Calls calls = read_calls(database);
    const Counts after = effects.read();

    const std::string integrity = database.execAndGet("PRAGMA integrity_check").getString();
    if (integrity != "ok") faults.push_back("the database is damaged: " + integrity);
    Examination examination(before, after, agents);
    for (auto& [id, call] : calls)
        examination.examine(id, call);
    RecordReport report = examination.finish();
    report.faults.insert(report.faults.begin(), faults.begin(), faults.end());
    return report;
}

}  // namespace approvekit::testing
