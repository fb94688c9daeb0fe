#include "record_check.hpp"

#include "recorded_calls.hpp"

#include <utility>

namespace approvekit::testing {
namespace {

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

/// The audit entries that a call in this state must have, and no others.
Counts expected_entries(const RecordedCall& call) {
    if (call.status == "pending") return {};
    if (call.status == "stopped") return {{"refused", 1}};
    Counts expected{{call.status == "auto" ? "approved" : call.status, 1}};
    const bool started = call.run != "none";
    if (started && call.run != "running") expected[call.run] = 1;
    if (expected.contains("approved") && !started && !call.is_open) expected["refused"] = 1;
    return expected;
}

/// The rows of votes that a call in this state must have, and no others.
Counts expected_votes(const RecordedCall& call) {
    Counts expected;
    if (call.approvals == 0) return expected;
    if (call.told_votes > 0) expected["approve voted"] = call.told_votes;
    if (call.status == "approved") expected["approve approved"] = 1;
    if (call.status == "rejected") expected["reject rejected"] = 1;
    return expected;
}

Counts expected_verdicts(const RecordedCall& call) {
    if (call.status == "approved") return {{"approve", 1}};
    if (call.status == "rejected") return {{"reject", 1}};
    return {};
}

/// A call that the policy allowed has no state except its entries.
void conclude_run(RecordedCall& call) {
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

    void examine(const std::string& id, RecordedCall& call) {
        if (call.status == "auto") conclude_run(call);
        subject_ = call.status + " call " + call.name + " (" + id + ", run " + call.run + ")";
        if (call.entries != expected_entries(call)) blame("has the audit entries " + text_of(call.entries));
        if (call.verdicts != expected_verdicts(call)) blame("has the decisions " + text_of(call.verdicts));
        examine_votes(call);
        examine_life(call);
        examine_effect(call);
        report_.calls[call.name] = call.status + ", " + (call.is_open ? "open" : call.run);
    }

    /// Everything that took effect must have been in the record before.
    RecordReport finish() {
        for (const auto& [name, number] : before_) {
            subject_ = "call " + name;
            if (!report_.calls.contains(name)) blame("took effect and the record knows nothing of it");
        }
        return std::move(report_);
    }

    void blame(const std::string& what) { report_.faults.push_back(subject_ + " " + what); }

private:
    void examine_votes(const RecordedCall& call) {
        if (call.votes != expected_votes(call)) blame("has the votes " + text_of(call.votes));
        if (call.approvals == 0) return;
        const bool is_enough = std::cmp_greater_equal(call.voters.size(), call.approvals);
        // A person who approved it may reject it later.
        const bool should_be = call.status == "approved";
        if (call.status != "rejected" && is_enough != should_be)
            blame("has the approval of " + std::to_string(call.voters.size()) + " people");
    }

    void examine_life(const RecordedCall& call) {
        if (!call.is_open || call.awaits_agent) return;
        if (agents_ == Agents::all_gone) blame("is left open though every agent is gone");
        if (!call.has_live_session) blame("is open though its session has ended");
    }

    void examine_effect(const RecordedCall& call) {
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

std::vector<std::string> sweep_and_verify(const Site& site) {
    if (!site.record->is_there()) return {"there is no record"};
    // A file into which nobody could write yet counts as new.
    const auto storage = site.open();
    storage->sweep();
    const AuditReport report = storage->verify_audit();
    std::vector<std::string> faults;
    if (!report.intact()) faults.push_back("the chain is broken: " + report.fault->what);
    if (report.foreign_entries != 0) faults.emplace_back("audit rows stand outside the chain");
    return faults;
}

}  // namespace

std::string RecordReport::text() const {
    std::string text;
    for (const std::string& fault : faults)
        text += fault + "\n";
    return text;
}

RecordReport check_record(const Site& site, Agents agents) {
    if (site.record->is_there()) site.record->wait_out_the_killed(agents);
    std::vector<std::string> faults = sweep_and_verify(site);
    // The order matters while agents are at work: what had taken effect before must be on record now, and what is on
    // record as executed now must have taken effect after.
    const Counts before = site.effects.read();
    RecordedCalls calls = read_calls(*site.record);
    const Counts after = site.effects.read();

    const std::string damage = site.record->damage();
    if (!damage.empty()) faults.push_back("the database is damaged: " + damage);
    Examination examination(before, after, agents);
    for (auto& [id, call] : calls)
        examination.examine(id, call);
    RecordReport report = examination.finish();
    report.faults.insert(report.faults.begin(), faults.begin(), faults.end());
    return report;
}

}  // namespace approvekit::testing
