// What an agent's side that may write the database does to an edit, and the line of the audit that refuses it.
#include "support/edit_forger.hpp"

#include "record/audit_chain.hpp"
#include "record/edits.hpp"
#include "record/refused_call.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/temporary_directory.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

using namespace approvekit;
using approvekit::testing::check_call_refused;
using approvekit::testing::edit_attacks;
using approvekit::testing::EditAttack;
using approvekit::testing::EditForgeryFixture;
using approvekit::testing::Forger;
using approvekit::testing::last_entry;
using Catch::Matchers::ContainsSubstring;

namespace {

EditAttack attack_named(const std::string& name) {
    const auto attacks = edit_attacks();
    const auto found =
        std::find_if(attacks.begin(), attacks.end(), [&](const EditAttack& attack) { return attack.name == name; });
    REQUIRE(found != attacks.end());
    return *found;
}

void check_refused(const std::string& name) {
    const EditAttack attack = attack_named(name);
    const TemporaryDirectory directory;
    const EditForgeryFixture fixture(directory / "agent.db", attack.approvals);
    PendingCall call = fixture.ask();
    attack.run(fixture, call.request_id());
    check_call_refused(fixture, call, attack.told_as);
}

/// An honest edit whose essential parts nobody changed, and a forger's change of the rest.
template <typename Forge>
void check_runs_and_is_found(Forge forge, const std::string& told) {
    const TemporaryDirectory directory;
    const EditForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    fixture.edit(fixture.ada, call.request_id());
    forge(fixture, call.request_id());
    CHECK_FALSE(fixture.storage->find(call.request_id())->edited);
    Permit permit = call.wait();
    CHECK(permit.edited_arguments()->at("amount") == 5);
    permit.executed();
    const AuditReport report = fixture.storage->verify_audit();
    REQUIRE(report.fault);
    CHECK_THAT(report.fault->what, ContainsSubstring(told));
}

/// Computes the whole chain again, over the entries as they are now.
void compute_chain_again(Storage& storage, const Forger& forger) {
    AuditQuery query;
    query.oldest_first = true;
    std::string hash;
    for (const AuditEntry& entry : storage.audit(query).entries) {
        hash = record::link_hash(hash, entry.sequence, record::record_of(entry));
        const auto* const bytes = reinterpret_cast<const std::uint8_t*>(hash.data());
        forger.run("UPDATE approvekit_audit SET hash = x'" + to_hex({bytes, hash.size()}) + "' WHERE entry_id = ?",
                   {entry.id});
    }
}

}  // namespace

TEST_CASE("G14 G16 H154 an edit of a signed edit starts nothing") {
    check_refused("edit of a signed edit");
}

TEST_CASE("G14 G16 H155 without the edit that was signed a call starts neither as it was asked") {
    check_refused("signed edit taken away");
}

TEST_CASE("G14 G16 H156 an edit that is made for an approval that was signed as it was asked starts nothing") {
    check_refused("edit made for an approval that was signed as it was asked");
}

TEST_CASE("G14 G16 H157 the edit of another request in the place of the signed one starts nothing") {
    check_refused("edit of another request in the place of the signed one");
}

TEST_CASE("G14 G16 H158 a signed edit counts for its own request alone") {
    check_refused("signed edit of another request with its decision");
    check_refused("signed edit of another request with its decision and its entry");
}

TEST_CASE("G14 G16 H159 a field that allow_edit does not name cannot be put into a signed edit") {
    check_refused("field that allow_edit does not name put into a signed edit");
}

TEST_CASE("G14 G16 H160 a value of another kind cannot be put into a signed edit") {
    check_refused("value of another kind put into a signed edit");
}

TEST_CASE("G14 G16 H161 a number that JSON takes for the signed one is another edit") {
    check_refused("number that JSON takes for the signed one");
}

TEST_CASE("G14 G16 H162 more cannot be made editable in the stored request, not even while the reviewer looks") {
    check_refused("more made editable in the stored request");
    check_refused("more made editable while the reviewer looks, then put back");
}

TEST_CASE("G14 G16 H163 a signed text that was rewritten to fit a forged edit is not signed any more") {
    check_refused("signed text rewritten to fit a forged edit");
}

TEST_CASE("G14 G16 H164 an edited approval without its entry starts nothing") {
    check_refused("entry of an edited approval taken away");
}

TEST_CASE("G14 G15 G16 H165 votes for different arguments cannot be forged into votes for the same") {
    check_refused("edit put into a vote for what was asked, beside a vote for the edit");
    check_refused("edit taken out of a vote, beside a vote for what was asked");
    check_refused("vote for an edit made the decision beside a vote for what was asked");
}

TEST_CASE(
    "G8 G16 H166 what an entry shows of the edited arguments is not what runs, and is found where it was changed") {
    const auto change = [](const EditForgeryFixture& fixture, const std::string& id) {
        fixture.forger.run(
            "UPDATE audit_log SET metadata = json_set(metadata, '$.edited.tool_args.amount', 1) WHERE request_id = ? "
            "AND decision = 'approved'",
            {id});
    };
    check_runs_and_is_found(change, "it does not follow from the entry before it");
    check_runs_and_is_found(
        [&](const EditForgeryFixture& fixture, const std::string& id) {
            change(fixture, id);
            compute_chain_again(*fixture.storage, fixture.forger);
        },
        "what it says of an edit does not fit together");
}

TEST_CASE("G8 G14 G16 H167 a forged edit of a signed approval is found where the chain was computed again") {
    const TemporaryDirectory directory;
    const EditForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    fixture.edit(fixture.ada, call.request_id());
    call.wait().executed();
    fixture.storage->flush();
    REQUIRE(fixture.storage->verify_audit().intact());
    fixture.tell_edits(call.request_id(), nullptr);
    compute_chain_again(*fixture.storage, fixture.forger);
    const AuditReport report = fixture.storage->verify_audit();
    REQUIRE(report.fault);
    CHECK_THAT(report.fault->what, ContainsSubstring("what its reviewer edited is not what was signed"));
}

TEST_CASE(
    "G16 H168 where nothing is signed a forged edit runs within what the rule lets be edited alone, and is found") {
    const TemporaryDirectory directory;
    const auto storage = std::make_shared<SqliteStorage>(directory / "agent.db", shared_with_others());
    const ApproveKit kit(EditForgeryFixture::policy_of({}, 1, {"args.amount"}), storage);
    const Forger forger(directory / "agent.db");
    const auto forged = [&](const Json& edits) {
        PendingCall call = kit.submit("transfer", {{"to", "mallory"}, {"amount", 9000}});
        const ApprovalRequest approved =
            Reviewer(storage, "ada", "terminal").approve(call.request_id(), {.edits = {{"args.amount", 5}}});
        forger.run("UPDATE audit_log SET metadata = json_set(metadata, '$.edited', json(?)) WHERE request_id = ?",
                   {record::edits_metadata(approved, edits).dump(), call.request_id()});
        return call;
    };
    PendingCall beyond = forged({{"args.to", "eve"}});
    CHECK_FALSE(storage->find(beyond.request_id())->edited);
    CHECK_THROWS_WITH(beyond.wait(), ContainsSubstring("args.to: may not be edited"));
    CHECK_THAT(last_entry(*storage, beyond.request_id()).reviewer_notes.value_or(""),
               ContainsSubstring("the arguments that ada edited cannot run: args.to: may not be edited"));
    PendingCall within = forged({{"args.amount", 6}});
    CHECK(storage->find(within.request_id())->edited);
    Permit permit = within.wait();
    CHECK(*permit.edited_arguments() == Json{{"to", "mallory"}, {"amount", 6}});
    permit.executed();
    CHECK_FALSE(storage->verify_audit().intact());
}

TEST_CASE(
    "G16 H169 an entry that tells of an edit in words that nobody understands starts nothing, and no other tells of "
    "one") {
    const TemporaryDirectory directory;
    const auto storage = std::make_shared<SqliteStorage>(directory / "agent.db", shared_with_others());
    const ApproveKit kit(EditForgeryFixture::policy_of({}, 1, {"args.amount"}), storage);
    const Forger forger(directory / "agent.db");
    const auto tell = [&](const PendingCall& call, const std::string& metadata) {
        forger.run("UPDATE audit_log SET metadata = ? WHERE request_id = ?", {metadata, call.request_id()});
    };
    for (const char* const metadata : {"[]", "edited", R"({"edited": {}})", R"({"edited": {"edits": null}})",
                                       R"({"edited": 5})", R"({"edited": {"edits": ["args.amount"]}})"}) {
        CAPTURE(metadata);
        PendingCall call = kit.submit("transfer", {{"to", "mallory"}, {"amount", 9000}});
        kit.approve(call.request_id());
        tell(call, metadata);
        CHECK(error_code_of([&] { static_cast<void>(call.wait()); }) == ErrorCode::altered);
    }
    PendingCall rejected = kit.submit("transfer", {{"to", "mallory"}, {"amount", 9000}});
    const ApprovalRequest asked = *storage->find(rejected.request_id());
    kit.reject(rejected.request_id());
    tell(rejected, Json{{edited_key, record::edits_metadata(asked, {{"args.amount", 5}})}}.dump());
    CHECK_FALSE(storage->find(asked.id)->edited);
}
