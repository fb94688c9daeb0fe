// A grant lets as many calls start as a person was shown, until its end, for any number of agents, and no more (G17).
#include "record/contract/granted.hpp"
#include "record/contract/keyed.hpp"

#include "approvekit/reviewer.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::contract;
using namespace std::chrono_literals;

CONTRACT_TEST("G17 a grant is given with an approval, told by its entry, and listed with what is left of it") {
    const Granted agent(std::make_unique<TestType>());
    GrantTerms terms = terms_of(3);
    terms.free = {"args.to"};
    terms.bounds = nested("args.amount", "lte", 10);
    const Grant grant = agent.given(terms);
    CHECK(grant.tool_name == agent.request.tool_name);
    CHECK(grant.agent == agent.request.agent);
    CHECK(grant.reviewer == "ana");
    CHECK(grant.used == 0);
    CHECK(grant.terms.until == agent.engine->clock->now() + 1h);
    CHECK(agent.last_entry().metadata.at("granted") == to_json_view(grant.terms));
    REQUIRE(agent.other->grants(GrantList::live).size() == 1);
    CHECK(to_json_view(agent.other->grants(GrantList::live).front()) == to_json_view(grant));
    const auto found = agent.other->find_grants(grant.tool_name, grant.agent);
    REQUIRE(found.size() == 1);
    CHECK(found.front().decision.grant == grant.terms);
    CHECK(agent.other->find_grants(grant.tool_name, "another").empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 calls start by a grant as often as it says, whichever agents ask, and each is told") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(3));
    const std::string first = agent.start(grant);
    CHECK_FALSE(first.empty());
    const AuditEntry entry = agent.last_entry();
    CHECK(entry.id == first);
    CHECK(entry.decision == AuditEvent::approved);
    CHECK(entry.request_id == auto_request_id);
    CHECK(entry.reviewer == "ana");
    CHECK(entry.way == "grant");
    CHECK(entry.metadata == Json{{"grant", {{"id", grant.id}}}});
    CHECK_FALSE(agent.start_at_other(grant).empty());
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.start_at_other(grant).empty());
    CHECK(agent.start(grant).empty());
    CHECK(agent.found_grant(grant).used == 3);
    CHECK(agent.other->grants(GrantList::live).empty());
    CHECK(agent.other->grants(GrantList::all).size() == 1);
    agent.storage->finish(
        {first, std::string(auto_request_id), grant.tool_name, RunState::executed, "", false, grant.id});
    CHECK(agent.last_entry().metadata == Json{{"grant", {{"id", grant.id}}}});
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 what a grant let start counts though its agent died") {
    auto engine = std::make_unique<TestType>();
    const ApprovalRequest held = Granted::grantable_request(*engine->clock);
    engine->in_killed_agent([&](Storage& killed) {
        killed.submit(held);
        killed.decide(Granted::approval_of(held, terms_of(2)));
        const std::string run = killed.claim({held.id, held.view_digest, {}});
        killed.finish({run, held.id, held.tool_name, RunState::executed, "", false, ""});
        static_cast<void>(Granted::start(killed, *killed.find_grant(held.id)));
    });
    const Granted agent(std::move(engine));
    agent.other->sweep();
    CHECK(agent.last_entry().decision == AuditEvent::unknown);
    CHECK(agent.last_entry().metadata == Json{{"grant", {{"id", held.id}}}});
    const Grant grant = *agent.other->find_grant(held.id);
    CHECK(grant.used == 1);
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.start(grant).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 what a grant let start counts though it did not start") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    agent.storage->not_started(
        {agent.start(grant), std::string(auto_request_id), grant.tool_name, "a test", false, grant.id});
    agent.storage->flush();
    CHECK(agent.found_grant(grant).used == 1);
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.start(grant).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 a revoked grant lets nothing start any more, at any agent") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(5));
    CHECK_FALSE(agent.start(grant).empty());
    const Grant revoked = agent.other->revoke(grant.id, "bob", "web");
    CHECK(revoked.revoked_at == agent.engine->clock->now());
    CHECK(revoked.revoked_by == "bob");
    const AuditEntry entry = agent.other->audit({}).entries.front();
    CHECK(entry.decision == AuditEvent::revoked);
    CHECK(entry.request_id == grant.id);
    CHECK(entry.reviewer == "bob");
    CHECK(agent.start(grant).empty());
    CHECK(agent.start_at_other(grant).empty());
    CHECK(agent.other->find_grants(grant.tool_name, grant.agent).empty());
    CHECK_NOTHROW(agent.other->revoke(grant.id, "bob", "web"));
    CHECK(error_code_of([&] { agent.other->revoke(grant.id, "cy", "web"); }) == ErrorCode::already_decided);
    CHECK(error_code_of([&] { agent.other->revoke("nothing", "cy", "web"); }) == ErrorCode::not_found);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 the newest hundred grants count, so that one behind a hundred that are used up does") {
    const Granted agent(std::make_unique<TestType>());
    static_cast<void>(agent.given(terms_of(1)));
    for (int number = 0; number < 100; ++number)
        CHECK_FALSE(agent.start(agent.given(terms_of(1))).empty());
    const Grant grant = agent.given(terms_of(1));
    const auto found = agent.other->find_grants(grant.tool_name, grant.agent);
    REQUIRE(found.size() == 1);
    CHECK(found.front().grant.id == grant.id);
}

CONTRACT_TEST("G17 a grant ends at its time") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(5));
    agent.engine->clock->pass(59min);
    CHECK_FALSE(agent.start(grant).empty());
    agent.engine->clock->pass(1min);
    CHECK(agent.start(grant).empty());
    CHECK(agent.other->find_grants(grant.tool_name, grant.agent).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 uses stay in the order of their times when the clock is set back") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(5));
    agent.engine->clock->pass(10min);
    CHECK_FALSE(agent.start(grant).empty());
    agent.engine->clock->set_back(5min);
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 a grant above what its rule lets a reviewer grant is refused and never made less") {
    const Granted agent(std::make_unique<TestType>());
    const ApprovalRequest held = agent.grantable();
    const auto refused = [&](const GrantTerms& terms) {
        CHECK(agent.refused(held, terms) == ErrorCode::invalid_grant);
        CHECK(agent.storage->find(held.id)->status == ApprovalStatus::pending);
    };
    refused(terms_of(6));
    refused(terms_of(0));
    refused(terms_of(1, 3601s));
    GrantTerms terms = terms_of(1);
    terms.until = agent.engine->clock->now() + 3601s;
    refused(terms);
    terms.until = agent.engine->clock->now();
    refused(terms);
    terms = terms_of(1);
    terms.free = {"args.body"};
    refused(terms);
    terms.free = {"args.to", "args.to"};
    refused(terms);
    terms.free = {"args.cc"};
    refused(terms);
    terms.free.clear();
    terms.bounds = nested("args.amount", "lte", 2);  // the approved call has 3
    refused(terms);
    terms.bounds = nested("args.amount", "about", 2);
    refused(terms);
    terms.bounds.clear();
    terms.bounds["all"] = Json::array({nested("args.amount", "lte", 5)});
    refused(terms);
    terms.bounds = Json::array({1});
    refused(terms);
    CHECK(agent.refused(agent.request, terms_of(1)) == ErrorCode::invalid_grant);
    Decision rejection = decision_on(held, Verdict::reject);
    rejection.grant = terms_of(1);
    CHECK(error_code_of([&] { agent.storage->decide(rejection); }) == ErrorCode::invalid_grant);
    CHECK(agent.storage->grants(GrantList::all).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 nothing is granted where several people have to approve") {
    const Granted agent(std::make_unique<TestType>());
    ApprovalRequest held = held_request(*agent.engine->clock);
    held.metadata[grants_key] = {{"uses", 5}, {"for", 3600}};
    held.metadata[quorum_key] = {{"approvals", 2}};
    held.view_digest = view_digest(held);
    agent.storage->submit(held);
    CHECK(agent.refused(held, terms_of(1)) == ErrorCode::invalid_grant);
    CHECK(agent.storage->find(held.id)->votes.empty());
}

CONTRACT_TEST("G17 nothing is granted by a list of arguments of which one lies within the other") {
    const Granted agent(std::make_unique<TestType>());
    ApprovalRequest held = held_request(*agent.engine->clock);
    held.tool_args = nested("to", "name", "ada");
    held.metadata[grants_key] = {{"uses", 5}, {"for", 3600}, {"bounds", {"args.to", "args.to.name"}}};
    held.view_digest = view_digest(held);
    agent.storage->submit(held);
    GrantTerms terms = terms_of(1);
    terms.free = {"args.to", "args.to.name"};
    CHECK(agent.refused(held, terms) == ErrorCode::invalid_grant);
}

CONTRACT_TEST("G17 the same approval again is the same, and with another grant it is not") {
    const Granted agent(std::make_unique<TestType>());
    const ApprovalRequest held = agent.grantable();
    agent.storage->decide(agent.approval_of(held, terms_of(2)));
    agent.engine->clock->pass(1s);
    CHECK_NOTHROW(agent.storage->decide(agent.approval_of(held, terms_of(2))));
    CHECK(agent.refused(held, terms_of(3)) == ErrorCode::already_decided);
    CHECK(error_code_of([&] { agent.storage->decide(decision_on(held, Verdict::approve)); }) ==
          ErrorCode::already_decided);
    CHECK(agent.storage->grants(GrantList::all).size() == 1);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 G18 a stop and a limit win over a grant, and cost no use of it") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(1));
    const Stop stop = agent.other->stop({.reason = "a test"}, "ann", "web");
    CHECK(error_code_of([&] { static_cast<void>(agent.start(grant)); }) == ErrorCode::stopped);
    agent.other->resume(stop.id, "ann", "web");
    LimitUse limit;
    limit.limit = "payments";
    limit.amount = 2;
    limit.most = 1;
    limit.per = 1h;
    limit.beyond = Beyond::deny;
    const GrantUse use{grant.id, grant.terms.uses, grant.terms.until, grant.reviewer};
    CHECK(error_code_of([&] {
              static_cast<void>(
                  agent.storage->record_intent({grant.tool_name, "{}", "{}", "granted", grant.agent, &limit, &use}));
          }) == ErrorCode::limit_reached);
    CHECK(agent.found_grant(grant).used == 0);
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 a start whose commit failed is taken back, and may have cost a use of its grant") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    agent.engine->while_unwritable([&] { CHECK_THROWS_AS(static_cast<void>(agent.start(grant)), StorageError); });
    CHECK_FALSE(agent.start(grant).empty());
    CHECK(agent.found_grant(grant).used <= 2);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 H170 uses that were taken out of the record are given back to nobody who met them") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    const auto remove_uses = [&] { agent.engine->forge_grant(grant.id, GrantRow::uses_removed); };
    CHECK_FALSE(agent.start(grant).empty());
    SECTION("after the last one") {
        CHECK_FALSE(agent.start(grant).empty());
        CHECK(agent.start(grant).empty());
        remove_uses();
    }
    SECTION("as soon as the last one is there") {
        CHECK_FALSE(agent.start(grant).empty());
        remove_uses();
    }
    SECTION("each of them, while there is room") {
        remove_uses();
        CHECK_FALSE(agent.start(grant).empty());
        CHECK(agent.start(grant).empty());
        remove_uses();
    }
    CHECK(agent.start(grant).empty());
    CHECK(agent.fault() == "the use of the grant that it records is gone");
}

CONTRACT_TEST("G17 H171 a revocation that was taken out of its row is in force by its entry") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    agent.other->revoke(grant.id, "ann", "web");
    agent.engine->forge_grant(grant.id, GrantRow::not_revoked);
    CHECK(agent.start(grant).empty());
    CHECK(agent.found_grant(grant).revoked_by == "ann");
    CHECK(agent.fault() == "of the grant with its approval: an entry records that it was revoked");
}

CONTRACT_TEST(
    "G17 H171 a grant whose row was taken away can be revoked by its entry, and is no grant when it is put back") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    const auto revoke_as = [&](const std::string& name) {
        return error_code_of([&] { agent.other->revoke(grant.id, name, "web"); });
    };
    agent.engine->forge_grant(grant.id, GrantRow::taken_away);
    CHECK(revoke_as("ann") == ErrorCode::storage_corrupt);
    CHECK(revoke_as("ann") == ErrorCode::storage_corrupt);
    CHECK(revoke_as("bob") == ErrorCode::already_decided);
    const AuditEntry entry = agent.other->audit({}).entries.front();
    CHECK(entry.decision == AuditEvent::revoked);
    CHECK(entry.request_id == grant.id);
    CHECK(entry.tool_name == grant.tool_name);
    agent.engine->forge_grant(grant.id, GrantRow::put_back);
    CHECK(agent.start(grant).empty());
    CHECK(agent.found_grant(grant).revoked_by == "ann");
    CHECK(agent.other->grants(GrantList::live).empty());
    CHECK(agent.fault() == "of the grant with its approval: an entry records that it was revoked");
    const ApprovalRequest held = agent.grantable();
    agent.storage->decide(decision_on(held, Verdict::approve));
    CHECK(error_code_of([&] { agent.other->revoke(held.id, "ann", "web"); }) == ErrorCode::not_found);
}

CONTRACT_TEST("G17 H171 a grant whose request was taken away too is revoked by its whole id") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    agent.engine->forge_grant(grant.id, GrantRow::removed);
    agent.engine->remove(grant.id);
    Reviewer ann(agent.engine->open(), "ann", "web");
    CHECK(error_code_of([&] { ann.revoke(grant.id.substr(0, 8)); }) == ErrorCode::not_found);
    CHECK(error_code_of([&] { ann.revoke(grant.id); }) == ErrorCode::storage_corrupt);
    CHECK(agent.other->audit({}).entries.front().decision == AuditEvent::revoked);
}

CONTRACT_TEST("G17 H172 what the row of a grant says otherwise than its entry is named and loosens nothing") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(2));
    SECTION("removed") {
        agent.engine->forge_grant(grant.id, GrantRow::removed);
        CHECK(agent.start(grant).empty());
        CHECK(agent.fault() == "the grant that it records is gone");
    }
    SECTION("prolonged") {
        agent.engine->forge_grant(grant.id, GrantRow::prolonged);
        CHECK(agent.found_grant(grant).terms.until == grant.terms.until);
        agent.engine->clock->pass(2h);
        CHECK(agent.other->find_grants(grant.tool_name, grant.agent).empty());
        CHECK(agent.fault() == "of the grant with its approval: its end is another one");
    }
    SECTION("for another agent") {
        agent.engine->forge_grant(grant.id, GrantRow::for_another_agent);
        const auto found = agent.other->find_grants(grant.tool_name, "another");
        REQUIRE(found.size() == 1);
        CHECK(found.front().grant.agent == grant.agent);
        CHECK(agent.fault() == "of the grant with its approval: it is for another agent");
    }
    SECTION("revoked by nobody") {
        agent.engine->forge_grant(grant.id, GrantRow::said_to_be_revoked);
        CHECK(agent.start(grant).empty());
        CHECK(agent.fault() == "of the grant with its approval: it is said to be revoked, and no entry records that");
    }
}

CONTRACT_TEST("G17 a call with a key runs by a grant once, and waits for a person where the grant has no room") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(1));
    const GrantUse use{grant.id, grant.terms.uses, grant.terms.until, grant.reviewer};
    const std::string metadata = Json{{grant_key, {{"id", grant.id}}}}.dump();
    const Intent intent{grant.tool_name, "{}", metadata, "granted by ann", grant.agent, nullptr, &use};
    KeyedCall call;
    call.key = "once";
    call.tool_name = grant.tool_name;
    call.commitments = {{"", "digest"}};
    CHECK_FALSE(agent.storage->record_intent(intent, call).entry_id.empty());
    CHECK(agent.found_grant(grant).used == 1);
    call.key = "another";
    const KeyedAnswer answer = agent.storage->record_intent(intent, call);
    CHECK(answer.kind == KeyedAnswer::Kind::accepted);
    CHECK(answer.entry_id.empty());
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G17 what a person was asked with a key stays with that person, whatever a grant would let run") {
    const Granted agent(std::make_unique<TestType>());
    const Grant grant = agent.given(terms_of(1));
    const GrantUse use{grant.id, grant.terms.uses, grant.terms.until, grant.reviewer};
    const Intent intent{grant.tool_name, "{}", "{}", "granted by ann", grant.agent, nullptr, &use};
    KeyedCall call;
    call.key = "once";
    call.tool_name = grant.tool_name;
    call.commitments = {{"", "digest"}};
    const ApprovalRequest held = Granted::grantable_request(*agent.engine->clock);
    CHECK(agent.storage->submit(held, call).kind == KeyedAnswer::Kind::accepted);
    const auto expect_untouched = [&](ApprovalStatus status) {
        const KeyedAnswer answer = agent.storage->record_intent(intent, call);
        CHECK(answer.kind == KeyedAnswer::Kind::accepted);
        CHECK(answer.entry_id.empty());
        CHECK(agent.storage->find(held.id)->status == status);
        CHECK(agent.found_grant(grant).used == 0);
    };
    expect_untouched(ApprovalStatus::pending);
    agent.approve(held);
    expect_untouched(ApprovalStatus::approved);
    CHECK_FALSE(agent.claim(held).empty());
    CHECK(agent.is_intact());
}
