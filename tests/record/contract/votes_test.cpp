// What several reviewers say about one request, and what a forger may write in their names.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::contract;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An agent whose request takes votes.
struct Council : Agent {
    explicit Council(std::unique_ptr<Engine> kind,
                     const Json& quorum = {{"approvals", 2}, {"reviewers", {"ana", "bob"}}})
        : Agent(std::move(kind)) {
        request = held_request(*engine->clock);
        request.metadata[quorum_key] = quorum;
        request.view_digest = view_digest(request);
        storage->submit(request);
    }

    [[nodiscard]] Decision by(const std::string& name, Verdict verdict = Verdict::approve) const {
        Decision decision = decision_on(request, verdict);
        decision.reviewer = name;
        return decision;
    }
    ApprovalRequest vote(const std::string& name, Verdict verdict = Verdict::approve) const {
        return storage->decide(by(name, verdict));
    }
    [[nodiscard]] ErrorCode refusal(const Decision& decision) const {
        return error_code_of([&] { storage->decide(decision); });
    }
    [[nodiscard]] std::string words_to(const std::string& name) const {
        try {
            vote(name);
        } catch (const DecisionError& error) {
            return error.what();
        }
        return "";
    }
    /// A vote that another program writes, with the entry of another vote or without one.
    void plant(const std::string& name, const std::string& entry_id = "none") const {
        record::StoredDecision planted{by(name), to_text(engine->clock->now()), entry_id};
        planted.decision.view_digest = request.view_digest;
        engine->add_vote(planted);
    }
    [[nodiscard]] std::string fault() const {
        const auto found = storage->verify_audit().fault;
        return found ? found->what : "";
    }
    /// Checks that the claim is refused because votes are missing, and that the audit says so.
    void check_refused_start(const std::string& words) const {
        CHECK(refused_claim() == ErrorCode::untrusted_decision);
        CHECK(last_entry().decision == AuditEvent::refused);
        CHECK_THAT(last_entry().reviewer_notes.value_or(""), ContainsSubstring(words));
    }
};

}  // namespace

CONTRACT_TEST("G15 a request that takes two approvals waits after the first and runs after the second") {
    const Council council(std::make_unique<TestType>());
    const ApprovalRequest first = council.vote("ana");
    CHECK(first.status == ApprovalStatus::pending);
    CHECK(to_json_view(first) == council.shown());
    CHECK(council.shown().at("quorum").at("missing") == 1);
    CHECK(council.shown().at("votes").at(0).at("reviewer") == "ana");
    std::size_t listed = 0;
    for (const ApprovalRequest& waiting : council.storage->list({}).requests)
        listed += waiting.votes.size();
    CHECK(listed == 1);
    CHECK(council.is_intact());
    const ApprovalRequest second = council.vote("bob");
    CHECK(second.status == ApprovalStatus::approved);
    CHECK(to_json_view(second) == council.shown());
    CHECK(second.votes.size() == 2);
    council.finish(council.claim(), RunState::executed);
    CHECK(council.events() == AuditEvents{AuditEvent::voted, AuditEvent::approved, AuditEvent::executed});
    CHECK(council.is_intact());
}

CONTRACT_TEST("G15 without the second approval nothing starts") {
    const Council council(std::make_unique<TestType>());
    council.vote("ana");
    CHECK(council.refused_claim() == ErrorCode::altered);
    CHECK(council.found().status == ApprovalStatus::cancelled);
    CHECK(council.is_intact());
}

CONTRACT_TEST("G15 nobody approves twice, in whatever words or spelling, and the same vote again changes nothing") {
    const Council council(std::make_unique<TestType>(), {{"approvals", 2}});
    const Json taken = to_json_view(council.vote("ana"));
    CHECK(to_json_view(council.vote("ana")) == taken);
    Decision other = council.by("ana");
    other.notes = "other words";
    CHECK(council.refusal(other) == ErrorCode::already_voted);
    CHECK(council.refusal(council.by("ANA")) == ErrorCode::already_voted);
    CHECK(council.events() == AuditEvents{AuditEvent::voted});
    const Json approved = to_json_view(council.vote("eve"));
    CHECK(to_json_view(council.vote("ana")) == approved);
    CHECK(to_json_view(council.vote("eve")) == approved);
    CHECK(council.refusal(council.by("dan")) == ErrorCode::already_decided);
}

CONTRACT_TEST("G15 one rejection ends it, also by somebody who has approved it") {
    const std::string who = GENERATE("ana", "bob");
    const Council council(std::make_unique<TestType>());
    council.vote("ana");
    CHECK(council.vote(who, Verdict::reject).status == ApprovalStatus::rejected);
    CHECK(council.vote(who, Verdict::reject).status == ApprovalStatus::rejected);
    CHECK(council.refusal(council.by("bob")) == ErrorCode::already_decided);
    CHECK(council.refusal(council.by("ana")) == ErrorCode::already_decided);
    CHECK(council.events() == AuditEvents{AuditEvent::voted, AuditEvent::rejected});
    CHECK(council.is_intact());
}

CONTRACT_TEST("G15 whoever is not of the circle has no vote, and whoever asks has none") {
    const Council council(std::make_unique<TestType>(),
                          {{"approvals", 1}, {"reviewers", {"ana", "bob"}}, {"not_requester", "bob"}});
    for (const Verdict verdict : {Verdict::approve, Verdict::reject}) {
        CHECK(council.refusal(council.by("eve", verdict)) == ErrorCode::not_entitled);
        CHECK(council.refusal(council.by("Bob", verdict)) == ErrorCode::not_entitled);
    }
    CHECK_THAT(council.words_to("eve"),
               ContainsSubstring("is decided by ana; eve is not one of them: ask one of them"));
    CHECK_THAT(council.words_to("bob"), ContainsSubstring("is made for bob, who has no vote on it; ask somebody else"));
    CHECK(council.events().empty());
    CHECK(council.vote("ana").status == ApprovalStatus::approved);
    CHECK_FALSE(council.claim().empty());
}

CONTRACT_TEST("G15 a circle widens by the record's clock, and the number stays") {
    const Council council(
        std::make_unique<TestType>(),
        {{"approvals", 2}, {"reviewers", {"ana", "bob"}}, {"escalate", {{"after", 30}, {"to", {"cy"}}}}});
    CHECK_THAT(council.words_to("cy"),
               ContainsSubstring("decided by ana and bob, and from 2024-10-04T00:00:30Z on also cy"));
    council.engine->clock->pass(std::chrono::seconds(29));
    CHECK(council.refusal(council.by("cy")) == ErrorCode::not_entitled);
    council.engine->clock->pass(std::chrono::seconds(1));
    CHECK(council.vote("cy").status == ApprovalStatus::pending);
    CHECK(council.vote("ana").status == ApprovalStatus::approved);
    CHECK_FALSE(council.claim().empty());
    CHECK(council.is_intact());
}

CONTRACT_TEST("G15 a vote is for the view that was submitted, and in time") {
    const Council council(std::make_unique<TestType>());
    Decision unseen = council.by("ana");
    unseen.view_digest = "of another view";
    CHECK(council.refusal(unseen) == ErrorCode::altered);
    council.vote("ana");
    CHECK(council.found().votes.at(0).decision.view_digest == council.request.view_digest);
    council.edit([](Row& row) { row.tool_args = R"({"to":"eve@example.com"})"; });
    CHECK(council.refusal(council.by("bob")) == ErrorCode::altered);
    council.edit([&](Row& row) { row.tool_args = canonical_json(council.request.tool_args); });
    council.engine->clock->pass(std::chrono::seconds(60));
    CHECK(council.refusal(council.by("bob")) == ErrorCode::expired);
    CHECK(council.events() == AuditEvents{AuditEvent::voted, AuditEvent::timeout});
}

CONTRACT_TEST("G14 G15 where approvals must be signed, a vote must be") {
    const Agent agent(std::make_unique<TestType>());
    ApprovalRequest request = held_request(*agent.engine->clock);
    request.metadata[signers_key] = {{"ana", "0123456789abcdef"}, {"bob", "1123456789abcdef"}};
    request.metadata[quorum_key] = {{"approvals", 2}};
    request.view_digest = view_digest(request);
    agent.storage->submit(request);
    CHECK(error_code_of([&] { agent.storage->decide(decision_on(request, Verdict::approve)); }) ==
          ErrorCode::untrusted_decision);
    CHECK(agent.storage->find(request.id)->votes.empty());
}

CONTRACT_TEST("G15 what another program writes in the place of votes starts nothing") {
    const Council council(std::make_unique<TestType>());
    SECTION("the status alone") {
        council.set_status("approved");
        council.check_refused_start("quorum: 0 of 2 approvals count");
    }
    SECTION("the status beside one honest vote") {
        council.vote("ana");
        council.set_status("approved");
        council.check_refused_start("quorum: 1 of 2 approvals count");
    }
    SECTION("a decision without votes") {
        council.engine->add_decision({council.by("bob"), to_text(council.engine->clock->now()), "none"});
        council.set_status("approved");
        council.check_refused_start("quorum: 0 of 2 approvals count");
    }
    SECTION("a vote of its own") {
        council.vote("ana");
        council.plant("bob");
        council.set_status("approved");
        council.check_refused_start("the vote of bob has no entry that records it");
    }
    SECTION("a copy of a vote under another name") {
        council.vote("ana");
        council.plant("bob", council.last_entry().id);
        council.set_status("approved");
        council.check_refused_start("the vote of bob has no entry that records it");
    }
    SECTION("a copy of a vote") {
        council.vote("ana");
        council.plant("ana", council.last_entry().id);
        council.set_status("approved");
        council.check_refused_start("quorum: 1 of 2 approvals count");
    }
    SECTION("votes that are gone") {
        council.vote("ana");
        council.vote("bob");
        council.engine->remove_votes("ana");
        council.check_refused_start("quorum: 1 of 2 approvals count");
    }
    CHECK(council.found().run == RunState::none);
}

CONTRACT_TEST("G15 a lower number in the stored request lets nothing start") {
    const Council council(std::make_unique<TestType>());
    ApprovalRequest lowered = council.request;
    lowered.metadata[quorum_key]["approvals"] = 1;
    council.edit([&](Row& row) { row.metadata = lowered.metadata.dump(); });
    CHECK(council.refusal(council.by("ana")) == ErrorCode::altered);
    council.engine->set_view_digest(council.request.id, view_digest(lowered));
    CHECK(council.vote("ana").status == ApprovalStatus::approved);
    CHECK(council.refused_claim() == ErrorCode::altered);
    CHECK(council.last_entry().decision == AuditEvent::refused);
}

CONTRACT_TEST("G15 planted votes neither count nor keep anybody from voting") {
    const Council council(std::make_unique<TestType>());
    council.plant("bob");
    CHECK(council.vote("ana").status == ApprovalStatus::pending);
    CHECK(council.vote("bob").status == ApprovalStatus::approved);
    CHECK_FALSE(council.claim().empty());
}

CONTRACT_TEST("G15 a copy of somebody's vote keeps nobody else from voting, and verifying names it") {
    const Council council(std::make_unique<TestType>(), {{"approvals", 2}});
    council.vote("ana");
    const std::string entry = council.last_entry().id;
    for (int copies = 0; copies < 1200; ++copies)
        council.plant("ana", entry);
    CHECK(council.found().votes.size() == 1);
    CHECK(council.shown().at("quorum").at("missing") == 1);
    CHECK(council.refusal(council.by("ANA")) == ErrorCode::already_voted);
    CHECK(council.vote("bob").status == ApprovalStatus::approved);
    CHECK_FALSE(council.claim().empty());
    CHECK(council.fault() == "the vote of ana appears twice");
}

CONTRACT_TEST("G15 planted votes are not shown, not counted as given, and answered as nobody's") {
    const Council council(std::make_unique<TestType>(), {{"approvals", 2}});
    council.plant("dan");
    CHECK(council.found().votes.empty());
    CHECK(council.storage->list({}).requests.at(0).votes.empty());
    CHECK(council.shown().at("quorum").at("missing") == 2);
    council.vote("ana");
    CHECK(council.vote("bob").votes.size() == 2);
    CHECK(council.refusal(council.by("dan")) == ErrorCode::already_decided);
}

CONTRACT_TEST("G15 a vote whose words are not those of its entry is not shown as its reviewer's") {
    const Council council(std::make_unique<TestType>());
    council.vote("ana");
    record::StoredDecision planted{council.by("ana"), to_text(council.engine->clock->now()), council.last_entry().id};
    planted.decision.view_digest = council.request.view_digest;
    planted.decision.notes = "not hers";
    council.engine->add_vote(planted);
    CHECK(council.found().votes.size() == 1);
    CHECK_FALSE(council.found().votes.at(0).decision.notes == "not hers");
}

CONTRACT_TEST("G15 the clock of a voter that is ahead widens no circle for the others") {
    const Council council(
        std::make_unique<TestType>(),
        {{"approvals", 2}, {"reviewers", {"ana", "bob"}}, {"escalate", {{"after", 30}, {"to", {"cy"}}}}});
    council.engine->clock->pass(std::chrono::seconds(30));
    council.vote("cy");
    council.engine->clock->set_back(std::chrono::seconds(20));
    CHECK(council.found().votes.empty());
    CHECK(council.vote("ana").status == ApprovalStatus::pending);
    council.set_status("approved");
    council.check_refused_start("quorum: 1 of 2 approvals count; the vote of cy is not one of its circle");
}

CONTRACT_TEST(
    "G15 a vote by escalation does not count while the clock is set back to before it, and counts again after") {
    const Council council(
        std::make_unique<TestType>(),
        {{"approvals", 2}, {"reviewers", {"ana", "bob"}}, {"escalate", {{"after", 30}, {"to", {"cy"}}}}});
    council.engine->clock->pass(std::chrono::seconds(30));
    council.vote("cy");
    CHECK(council.found().votes.size() == 1);
    council.engine->clock->set_back(std::chrono::seconds(20));
    CHECK(council.found().votes.empty());
    CHECK(council.refusal(council.by("cy")) == ErrorCode::not_entitled);
    council.engine->clock->pass(std::chrono::seconds(19));
    CHECK(council.found().votes.empty());
    council.engine->clock->pass(std::chrono::seconds(1));
    CHECK(council.found().votes.size() == 1);
    CHECK(council.vote("ana").status == ApprovalStatus::approved);
    CHECK_FALSE(council.claim().empty());
    CHECK(council.is_intact());
}

CONTRACT_TEST("H62 verifying finds votes that no entry tells of, and entries whose votes are gone") {
    const Council council(std::make_unique<TestType>());
    council.vote("ana");
    CHECK(council.is_intact());
    SECTION("a planted one") {
        council.plant("bob");
        CHECK(council.fault() == "of the vote of bob: no entry records it");
    }
    SECTION("a copy") {
        council.plant("bob", council.last_entry().id);
        CHECK(council.fault() == "of the vote of bob: its reviewer is another one");
    }
    SECTION("one that is gone") {
        council.engine->remove_votes("ana");
        CHECK(council.fault() == "the vote of ana is gone");
    }
    SECTION("one that decided and is gone") {
        council.vote("bob");
        council.engine->remove_votes("bob");
        CHECK(council.fault() == "the vote of bob is gone");
    }
}

CONTRACT_TEST("a request without a quorum has no votes") {
    const Agent agent(std::make_unique<TestType>());
    agent.approve();
    CHECK(agent.found().votes.empty());
    CHECK(agent.shown().at("quorum") == nullptr);
    CHECK_FALSE(agent.claim().empty());
}

CONTRACT_TEST("G15 a quorum that nobody understands is one that nobody reaches") {
    const Json broken =
        GENERATE(Json(), Json(2), Json::object(), Json{{"approvals", 0}},
                 Json{{"approvals", 1}, {"not_requester", true}}, Json{{"approvals", 1}, {"reviewers", "ana"}},
                 Json{{"approvals", 1}, {"escalate", {{"after", 0}, {"to", {"ana"}}}}});
    const Council council(std::make_unique<TestType>(), broken);
    CHECK(council.vote("ana").status == ApprovalStatus::pending);
    CHECK(council.vote("bob").status == ApprovalStatus::pending);
}
