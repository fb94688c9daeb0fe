// Shows that an agent's side that may write the database cannot make itself an approval if decisions are signed, and
// what happens to a stop that it forges. Tries each attack on a separate call, and prints what happened and what the
// audit says.

#include "support/edit_forger.hpp"
#include "support/forger.hpp"
#include "support/stop_forger.hpp"
#include "support/temporary_directory.hpp"

#include <iomanip>
#include <iostream>

namespace {

using namespace approvekit;
using namespace approvekit::testing;

/// Prints one attempt. Returns whether the tool did as it should.
bool tell(const std::string& name, const ForgeryFixture& fixture, PendingCall& call, bool should_run) {
    bool has_run = false;
    std::string outcome = "ran";
    try {
        Permit permit = call.wait();
        has_run = true;
        permit.executed();
    } catch (const RefusedError& refusal) {
        outcome = "did not run: " + std::string(to_string(refusal.code()));
    }
    fixture.storage->flush();
    const AuditEntry entry = last_entry(*fixture.storage, call.request_id());
    std::cout << name << "\n  outcome  " << outcome << "\n  audit    " << entry.sequence << " "
              << to_text(entry.timestamp) << " " << entry.request_id.substr(0, 8) << " " << to_string(entry.decision)
              << " " << entry.tool_name << " " << entry.reviewer_notes.value_or("") << "\n\n";
    return has_run == should_run;
}

/// Attacks if two reviewers have to approve.
bool try_votes(const std::filesystem::path& database) {
    const ForgeryFixture fixture(database, 2);
    PendingCall honest = fixture.ask();
    fixture.decide(fixture.ada, honest.request_id());
    fixture.decide(fixture.ben, honest.request_id());
    bool all_as_promised = tell("two honest votes, signed by ada and ben", fixture, honest, true);
    for (const Attack& attack : quorum_attacks()) {
        PendingCall call = fixture.ask();
        attack.run(fixture, call.request_id());
        all_as_promised &= tell(attack.name, fixture, call, false);
    }
    return all_as_promised;
}

/// Attacks if reviewers may edit. Each attack has its own record, since some of them cannot be told apart in one.
bool try_edits(const std::filesystem::path& directory) {
    bool all_as_promised = true;
    int number = 0;
    for (const EditAttack& attack : edit_attacks()) {
        const EditForgeryFixture fixture(directory / ("edit-" + std::to_string(++number) + ".db"), attack.approvals);
        PendingCall call = fixture.ask();
        attack.run(fixture, call.request_id());
        all_as_promised &= tell(attack.name, fixture, call, false);
    }
    return all_as_promised;
}

/// Attacks while a stop is in force.
bool try_stops(const std::filesystem::path& directory) {
    bool all_as_promised = true;
    int number = 0;
    for (const StopAttack& attack : stop_attacks()) {
        const StopForgeryFixture fixture(directory / ("stop-" + std::to_string(++number) + ".db"));
        attack.run(fixture);
        const std::string fault = fixture.fault();
        const std::string objection = fault.empty() ? fixture.objection() : "";
        const bool takes_in_old = fixture.starts_for_old_agent();
        const bool takes_in_new = fixture.starts_for_new_agent();
        std::cout << attack.name << "\n  outcome  an agent that has met the stop "
                  << (takes_in_old ? "STARTS" : "does not start") << ", one that comes now "
                  << (takes_in_new ? "starts" : "does not start") << "\n  verify   "
                  << (fault.empty() ? "intact; with a checkpoint: " + objection : fault) << "\n\n";
        const bool is_found = attack.told_as.empty() ? fault.empty() && !objection.empty()
                                                     : fault.find(attack.told_as) != std::string::npos;
        all_as_promised &= is_found && !takes_in_old && takes_in_new == attack.takes_in_new_agents;
    }
    return all_as_promised;
}

bool try_everything(const std::filesystem::path& database) {
    const ForgeryFixture fixture(database);
    PendingCall honest = fixture.ask();
    fixture.decide(fixture.ada, honest.request_id());
    bool all_as_promised = tell("an honest approval, signed by ada", fixture, honest, true);
    all_as_promised &= try_votes(database.string() + "-votes");
    for (const Attack& attack : attacks()) {
        PendingCall call = fixture.ask();
        attack.run(fixture, call.request_id());
        all_as_promised &= tell(attack.name, fixture, call, false);
    }
    const AuditReport report = fixture.storage->verify_audit();
    // What was planted beside the entries is found, and the entries themselves are intact.
    const bool are_whole = report.intact() || !report.fault->request_id.empty();
    std::cout << "audit: " << report.entries << " entries, " << (are_whole ? "intact" : "broken") << "\n";
    return all_as_promised && are_whole;
}

}  // namespace

int main() {
    try {
        const TemporaryDirectory directory;
        bool held = try_everything(directory / "agent.db");
        held = try_edits(directory.path()) && held;
        held = try_stops(directory.path()) && held;
        std::cout << (held ? "No forged approval ran, and every forged stop was found.\n"
                           : "A FORGED APPROVAL RAN, AN HONEST ONE DID NOT, OR A FORGED STOP WENT UNNOTICED.\n");
        return held ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "forgery: " << error.what() << '\n';
        return 1;
    }
}
