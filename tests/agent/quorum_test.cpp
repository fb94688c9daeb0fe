// A guarded call on which several people decide.
#include "approvekit/reviewer.hpp"
#include "approvekit/reviewer_key.hpp"
#include "approvekit/terminal_reviewer.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forger.hpp"
#include "support/guarding_agent.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// An agent whose tool needs the approval of two of three people, not including the one who asks.
struct Council : GuardingAgent {
    std::shared_ptr<std::vector<Event>> events = std::make_shared<std::vector<Event>>();
    ApproveKit voted{policy(), storage, options(events)};

    static Policy policy() {
        PolicyRule held = rule("pay", true);
        held.reviewers = {"finance", "cy"};
        held.approvals = 2;
        held.not_requester = true;
        return Policy().set_groups({{"finance", {"ada", "bob"}}, {"others", {"cy"}}}).add_rule(held);
    }
    static ApproveKit::Options options(const std::shared_ptr<std::vector<Event>>& events) {
        ApproveKit::Options options;
        options.on_event = [events](const Event& event) { events->push_back(event); };
        return options;
    }
    [[nodiscard]] PendingCall ask(const Call& call = Call{.requested_by = "cy"}) const {
        return voted.with(call).submit("pay", {{"amount", 7}});
    }
    ApprovalRequest approve(const std::string& name, const PendingCall& call) const {
        return Reviewer(storage, name, "terminal").approve(call.request_id(), {.notes = "fine"});
    }
};

}  // namespace

TEST_CASE("G15 a call runs once two people have approved it, and each vote is told") {
    const Council council;
    PendingCall call = council.ask();
    CHECK(council.storage->find(call.request_id())->metadata.at("quorum") ==
          Json{{"approvals", 2}, {"reviewers", {"ada", "bob", "cy"}}, {"not_requester", "cy"}});
    CHECK(council.approve("ada", call).status == ApprovalStatus::pending);
    CHECK_FALSE(call.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds{30}));
    REQUIRE(council.events->size() == 2);
    CHECK(council.events->back().kind == Event::Kind::voted);
    CHECK_THAT(council.events->back().text, StartsWith("pay has the approval of ada: fine; 1 more needed (request "));
    CHECK(council.approve("bob", call).status == ApprovalStatus::approved);
    call.wait().executed();
    CHECK_THAT(council.events->at(2).text, StartsWith("pay was approved by bob, the last of 2: fine"));
    CHECK(council.storage->verify_audit().intact());
}

TEST_CASE("G15 a call that does not name who asks is refused with what to do") {
    const Council council;
    try {
        static_cast<void>(council.ask(Call{}));
        FAIL("was asked");
    } catch (const ArgumentsRefusedError& error) {
        CHECK_THAT(error.what(), ContainsSubstring("does not say who that is; set Call::requested_by"));
    }
    CHECK(council.storage->list({}).requests.empty());
}

TEST_CASE("G15 a call by somebody without whom too few are left to approve is refused") {
    PolicyRule rule = GuardingAgent::rule("pay", true);
    rule.reviewers = {"ada", "bob"};
    rule.approvals = 2;
    rule.not_requester = true;
    const GuardingAgent agent;
    const ApproveKit kit(Policy().add_rule(rule), agent.storage);
    CHECK_THROWS_WITH(
        kit.with(Call{.requested_by = "ada"}).submit("pay", Json::object()),
        ContainsSubstring("needs 2 approvals from people other than ada, and only 1 other person may approve"));
    CHECK_NOTHROW(kit.with(Call{.requested_by = "eve"}).submit("pay", Json::object()).cancel());
    rule.redact_fields = {"requested_by"};
    const ApproveKit hiding(Policy().add_rule(rule), agent.storage);
    CHECK_THROWS_WITH(hiding.with(Call{.requested_by = "eve"}).submit("pay", Json::object()),
                      ContainsSubstring("the policy hides who that is"));
}

TEST_CASE("G15 who asks is named as a reviewer may be, so that nobody approves their own call") {
    const Council council;
    for (const char* const name : {"ada\n", "ada ", " ada", "a\u200bda", "Policy"}) {
        CAPTURE(name);
        CHECK_THROWS_WITH(council.ask(Call{.requested_by = name}),
                          ContainsSubstring("the name in Call::requested_by ") &&
                              ContainsSubstring("set it to the one under which they decide"));
    }
    CHECK(council.storage->list({}).requests.empty());
    PendingCall call = council.ask(Call{.requested_by = "ADA"});
    CHECK(error_code_of([&] { council.approve("ada", call); }) == ErrorCode::not_entitled);
    call.cancel();
}

TEST_CASE("G15 where reviewers sign and a rule names none, those who sign are the circle of a call") {
    const ReviewerKey ada = ReviewerKey::generate("ada");
    const ReviewerKey ben = ReviewerKey::generate("ben");
    PolicyRule rule = GuardingAgent::rule("pay", true);
    rule.approvals = 2;
    rule.not_requester = true;
    const GuardingAgent agent;
    const ApproveKit kit(Policy().set_reviewers({{"ada", ada.public_key()}, {"ben", ben.public_key()}}).add_rule(rule),
                         agent.storage);
    CHECK_THROWS_WITH(
        kit.with(Call{.requested_by = "ada"}).submit("pay", Json::object()),
        ContainsSubstring("needs 2 approvals from people other than ada, and only 1 other person may approve"));
    CHECK_NOTHROW(kit.with(Call{.requested_by = "eve"}).submit("pay", Json::object()).cancel());
}

TEST_CASE("G14 G15 a planted vote with an entry, not signed by its reviewer, takes no place of an honest one") {
    const TemporaryDirectory directory;
    const approvekit::testing::ForgeryFixture fixture(directory / "agent.db", 2);
    PendingCall call = fixture.ask();
    const std::string id = call.request_id();
    fixture.decide(fixture.ben, id);
    fixture.forger.copy_vote(id, id, "ada");
    fixture.forger.pretend_vote(id, "ada");
    fixture.forger.set_status(id, "pending");
    REQUIRE(fixture.storage->find(id)->votes.size() == 1);
    CHECK(to_json_view(*fixture.storage->find(id)).at("quorum").at("missing") == 1);
    fixture.decide(fixture.ada, id);
    call.wait().executed();
}

TEST_CASE("G14 G15 where votes are signed, none that a writer of the record makes up starts anything") {
    for (const auto& attack : approvekit::testing::quorum_attacks()) {
        CAPTURE(attack.name);
        const TemporaryDirectory directory;
        const approvekit::testing::ForgeryFixture fixture(directory / "agent.db", 2);
        PendingCall call = fixture.ask();
        attack.run(fixture, call.request_id());
        CHECK_THROWS_AS(call.wait(), RefusedError);
        const AuditEntry entry = approvekit::testing::last_entry(*fixture.storage, call.request_id());
        CHECK(entry.decision == AuditEvent::refused);
        CHECK_THAT(entry.reviewer_notes.value_or(""), ContainsSubstring(attack.told_as));
    }
}

TEST_CASE("G15 two signed votes let a call run, and the same signed vote again is the same") {
    const TemporaryDirectory directory;
    const approvekit::testing::ForgeryFixture fixture(directory / "agent.db", 2);
    PendingCall call = fixture.ask();
    fixture.decide(fixture.ada, call.request_id());
    fixture.decide(fixture.ada, call.request_id());
    fixture.decide(fixture.ben, call.request_id());
    fixture.decide(fixture.ada, call.request_id());
    call.wait().executed();
    CHECK(fixture.storage->find(call.request_id())->votes.size() == 2);
    CHECK(fixture.storage->verify_audit().intact());
}

TEST_CASE("The terminal says who voted and what is missing") {
    const Council council;
    const PendingCall call = council.ask();
    std::ostringstream out;
    TerminalReviewer terminal(Reviewer(council.storage, "ada", "terminal"), out, {});
    terminal.approve(call.request_id(), {});
    CHECK_THAT(out.str(), StartsWith("Voted on ") && ContainsSubstring(" pay; 1 more needed."));
    out.str("");
    terminal.show(call.request_id());
    CHECK_THAT(out.str(), ContainsSubstring("2 of ada, bob, not by cy, the requester") &&
                              ContainsSubstring("ada has voted (terminal) at ") && ContainsSubstring("1 more needed"));
}
