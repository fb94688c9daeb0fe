// Who decides, what counts, and what those are told who come later.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;

CONTRACT_TEST("G1 given two decisions, then the second is told who was faster") {
    const Agent agent(std::make_unique<TestType>());
    agent.storage->decide(decision_on(agent.request, Verdict::reject));
    try {
        agent.approve();
        FAIL("decided twice");
    } catch (const DecisionError& error) {
        REQUIRE(error.code() == ErrorCode::already_decided);
        REQUIRE(std::string(error.what()).find("rejected by ana (terminal)") != std::string::npos);
    }
    REQUIRE(agent.found().status == ApprovalStatus::rejected);
}

CONTRACT_TEST("G1 the same decision sent again by the same reviewer gets the same answer and changes nothing") {
    const Agent agent(std::make_unique<TestType>());
    for (const Verdict verdict : {Verdict::approve, Verdict::reject}) {
        const ApprovalRequest request = agent.submitted();
        const Decision decision = decision_on(request, verdict);
        const Json taken = to_json_view(agent.storage->decide(decision));
        agent.engine->clock->pass(std::chrono::minutes(5));
        REQUIRE(to_json_view(agent.storage->decide(decision)) == taken);
        const auto refused = [&](auto change) {
            Decision other = decision;
            change(other);
            return error_code_of([&] { agent.storage->decide(other); }) == ErrorCode::already_decided;
        };
        REQUIRE(refused([](Decision& other) {
            other.verdict = other.verdict == Verdict::approve ? Verdict::reject : Verdict::approve;
        }));
        REQUIRE(refused([](Decision& other) { other.reviewer = "eve"; }));
        REQUIRE(refused([](Decision& other) { other.notes = "other words"; }));
        REQUIRE(refused([](Decision& other) { other.view_digest = "of something else"; }));
        REQUIRE(refused([](Decision& other) { other.signature = DecisionSignature{"key", "statement", "signature"}; }));
        AuditEvents of_decision;
        for (const AuditEntry& entry :
             agent.storage->audit({.request_id = request.id, .limit = 9, .cursor = {}}).entries) {
            if (entry.way == "terminal") of_decision.push_back(entry.decision);
        }
        REQUIRE(of_decision.size() == 1);
    }
}

CONTRACT_TEST("G1 a decision that another program wrote is nobody's to send again") {
    const Agent agent(std::make_unique<TestType>());
    agent.set_status("approved");
    Decision decision = decision_on(agent.request, Verdict::approve, "");
    decision.reviewer = "unknown";
    REQUIRE(error_code_of([&] { agent.storage->decide(decision); }) == ErrorCode::already_decided);
}

CONTRACT_TEST("G1 G9 what another program wrote into the row stands, and is told as the work of an unknown") {
    struct Written {
        const char* status;
        ErrorCode later;
        AuditEvent event;
        bool is_decision;
    };
    for (const Written& written : {
             Written{"approved", ErrorCode::already_decided, AuditEvent::approved, true},
             Written{"rejected", ErrorCode::already_decided, AuditEvent::rejected, true},
             Written{"timeout", ErrorCode::expired, AuditEvent::timeout, false},
             Written{"cancelled", ErrorCode::cancelled, AuditEvent::cancelled, false},
             Written{"APPROVED", ErrorCode::cancelled, AuditEvent::cancelled, false},
         }) {
        CAPTURE(written.status);
        const Agent agent(std::make_unique<TestType>());
        agent.edit([&](Row& row) {
            row.status = written.status;
            row.reviewer_notes = "by hand";
        });
        CHECK(error_code_of([&] { agent.approve(); }) == written.later);
        CHECK(agent.events() == AuditEvents{written.event});
        const auto decision = agent.storage->find_decision(agent.request.id);
        CHECK(decision.has_value() == written.is_decision);
        if (decision) CHECK(decision->reviewer == "unknown");
        if (written.event == AuditEvent::approved) {
            CHECK_FALSE(agent.claim().empty());
        } else {
            CHECK(agent.refused_claim() == ErrorCode::already_decided);
        }
        CHECK(agent.is_intact());
    }
}

CONTRACT_TEST("G2 an approval counts only for the view that was seen, a rejection always") {
    const Agent agent(std::make_unique<TestType>());
    Decision unseen = decision_on(agent.request, Verdict::approve);
    unseen.view_digest = "of another view";
    CHECK(error_code_of([&] { agent.storage->decide(unseen); }) == ErrorCode::altered);
    CHECK(agent.found().status == ApprovalStatus::pending);
    unseen.verdict = Verdict::reject;
    unseen.notes.clear();
    CHECK(agent.storage->decide(unseen).status == ApprovalStatus::rejected);
    CHECK_FALSE(agent.found().reviewer_notes);
    CHECK(agent.events() == AuditEvents{AuditEvent::rejected});
}

CONTRACT_TEST("G14 an approval that the agent would not accept is refused by the record") {
    const Agent agent(std::make_unique<TestType>());
    ApprovalRequest request = held_request(*agent.engine->clock);
    request.metadata[signers_key] = {{"ana", "0123456789abcdef"}};
    request.view_digest = view_digest(request);
    agent.storage->submit(request);
    Decision decision = decision_on(request, Verdict::approve);
    const auto refused = [&] {
        return error_code_of([&] { agent.storage->decide(decision); }) == ErrorCode::untrusted_decision;
    };
    CHECK(refused());
    decision.signature = DecisionSignature{"another key", "statement", "signature"};
    CHECK(refused());
    decision.signature->key_id = "0123456789abcdef";
    decision.reviewer = "eve";
    CHECK(refused());
    CHECK(agent.storage->find(request.id)->status == ApprovalStatus::pending);
    decision.reviewer = "ana";
    CHECK(agent.storage->decide(decision).status == ApprovalStatus::approved);
}

CONTRACT_TEST("G1 what a decision answers is what is on record from then on") {
    const Agent agent(std::make_unique<TestType>());
    for (const Verdict verdict : {Verdict::approve, Verdict::reject}) {
        const ApprovalRequest request = agent.submitted();
        const ApprovalRequest told = agent.storage->decide(decision_on(request, verdict));
        CHECK(to_json_view(told) == to_json_view(*agent.storage->find(request.id)));
    }
}

CONTRACT_TEST("H82 who decides too late is told what happened, and that nothing runs") {
    const Agent agent(std::make_unique<TestType>());
    const auto told = [&] {
        Decision late = decision_on(agent.request, Verdict::approve);
        late.reviewer = "bob";
        try {
            agent.storage->decide(late);
        } catch (const DecisionError& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    const std::string name = "request " + agent.request.id;
    const std::string end = "; nothing runs, and the agent has to ask again";
    SECTION("after its agent gave up") {
        agent.storage->end(agent.request.id, ApprovalStatus::cancelled, "the caller gave up waiting");
        CHECK(told() == name + " was cancelled at 2024-10-04T00:00:00.000000 UTC: the caller gave up waiting" + end);
    }
    SECTION("after the deadline") {
        agent.engine->clock->pass(std::chrono::seconds(60));
        CHECK(told() ==
              name + " ended unanswered at 2024-10-04T00:01:00.000000 UTC: nobody answered by the deadline" + end);
    }
    SECTION("after somebody else") {
        agent.approve();
        CHECK(told() == name + " was already approved by ana (terminal) at 2024-10-04T00:00:00.000000 UTC");
    }
}
