// A reviewer answers a call instead of letting it run.
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/contract/agent.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;
using Catch::Matchers::ContainsSubstring;

namespace {

/// An agent whose request may be answered.
struct Asked : Agent {
    explicit Asked(std::unique_ptr<Engine> kind, const Json& metadata = Json::object()) : Agent(std::move(kind)) {
        ask(metadata);
    }

    void ask(const Json& metadata = Json::object()) {
        request = held_request(*engine->clock);
        request.metadata[allow_answer_key] = true;
        request.metadata.update(metadata);
        request.view_digest = view_digest(request);
        storage->submit(request);
    }

    [[nodiscard]] Decision answer_of(const Json& words, const std::string& name = "ana") const {
        Decision decision = decision_on(request, Verdict::answer);
        decision.reviewer = name;
        decision.answer = words;
        return decision;
    }
    ApprovalRequest answer(const Json& words, const std::string& name = "ana") const {
        return storage->decide(answer_of(words, name));
    }
    [[nodiscard]] ErrorCode refused_answer(const Json& words, const std::string& name = "ana") const {
        return error_code_of([&] { answer(words, name); });
    }
    /// The answer that the claim gives; null if it gives none.
    [[nodiscard]] Json claimed() const {
        Json words;
        Claim claim{request.id, request.view_digest, {}};
        claim.take_answer = [&](const Decision& decision) { words = decision.answer; };
        static_cast<void>(storage->claim(claim));
        return words;
    }
    [[nodiscard]] ErrorCode refused_answer_claim() const {
        return error_code_of([&] { static_cast<void>(claimed()); });
    }
};

const Json rooms = {{"rooms", {1, 2}}, {"note", "both are free"}};

}  // namespace

CONTRACT_TEST("an answer ends a request and is on record with who gave it, and the claim hands it out each time") {
    const Asked asked(std::make_unique<TestType>());
    CHECK(asked.found().answerable());
    const ApprovalRequest answered = asked.answer(rooms);
    CHECK(answered.status == ApprovalStatus::answered);
    CHECK(answered.answer == rooms);
    CHECK(answered.reviewer == "ana");
    CHECK(answered.run == RunState::none);
    CHECK(to_json_view(answered) == asked.shown());
    CHECK(asked.pending() == 1);  // the other request
    const AuditEntry entry = asked.last_entry();
    CHECK(entry.decision == AuditEvent::answered);
    CHECK(entry.reviewer == "ana");
    CHECK(entry.metadata.at(answer_key) == rooms);
    CHECK(entry.tool_args == asked.request.tool_args);
    CHECK(asked.claimed() == rooms);
    CHECK(asked.claimed() == rooms);
    CHECK(asked.found().run == RunState::none);
    CHECK(asked.last_entry().id == entry.id);
    CHECK(asked.storage->list({.status = ApprovalStatus::answered, .limit = 9, .cursor = {}}).requests.size() == 1);
    CHECK(asked.storage->sweep() == 0);
    CHECK(asked.is_intact());
}

CONTRACT_TEST("G1 the same answer again changes nothing, and any other decision is told who was faster") {
    const Asked asked(std::make_unique<TestType>());
    asked.answer("Ask Ada first.");
    CHECK(asked.answer("Ask Ada first.").answer == "Ask Ada first.");
    CHECK(asked.refused_answer("Ask Bob first.") == ErrorCode::already_decided);
    CHECK(asked.refused_answer("Ask Ada first.", "bob") == ErrorCode::already_decided);
    CHECK(asked.late_approval() == ErrorCode::already_decided);
    CHECK(error_code_of([&] { asked.storage->decide(decision_on(asked.request, Verdict::reject)); }) ==
          ErrorCode::already_decided);
    CHECK(asked.found().answer == "Ask Ada first.");
    CHECK(asked.is_intact());
}

CONTRACT_TEST("G3 what was answered does not start, and an answer comes too late for what was decided") {
    const Asked asked(std::make_unique<TestType>());
    asked.answer("no need");
    CHECK(asked.refused_claim() == ErrorCode::already_decided);
    CHECK(asked.storage->end(asked.request.id, ApprovalStatus::cancelled, "given up").status ==
          ApprovalStatus::answered);
    CHECK(asked.claimed() == "no need");
    const Asked other(std::make_unique<TestType>());
    other.approve();
    CHECK(other.refused_answer("no need") == ErrorCode::already_decided);
    CHECK(other.refused_answer_claim() == ErrorCode::altered);
    CHECK(other.found().run == RunState::none);
    CHECK(other.is_intact());
}

CONTRACT_TEST("G5 an answer after the deadline is none") {
    const Asked asked(std::make_unique<TestType>());
    asked.engine->clock->pass(std::chrono::seconds(61));
    CHECK(asked.refused_answer("too late") == ErrorCode::expired);
    CHECK(asked.found().status == ApprovalStatus::timeout);
    CHECK(asked.found().answer.is_null());
}

CONTRACT_TEST("H179 only a request whose rule allows it takes an answer, with words and within its bounds") {
    const Asked asked(std::make_unique<TestType>(), {{redact_fields_key, {"pin", "card.number"}}});
    CHECK(asked.refused_answer(nullptr) == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer("") == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer(std::string(maximum_answer_bytes, 'x')) == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer("\xff") == ErrorCode::invalid_answer);
    Json deep = "x";
    for (int depth = 0; depth < 200; ++depth)
        deep = Json::array({deep});
    CHECK(asked.refused_answer(deep) == ErrorCode::invalid_answer);
    Decision edited = asked.answer_of("x");
    edited.edits = {{"args.to", "bob"}};
    CHECK(error_code_of([&] { asked.storage->decide(edited); }) == ErrorCode::invalid_edit);
    Decision approval = decision_on(asked.request, Verdict::approve);
    approval.answer = "x";
    CHECK(error_code_of([&] { asked.storage->decide(approval); }) == ErrorCode::invalid_answer);
    Decision unseen = asked.answer_of("x");
    unseen.view_digest = "another";
    CHECK(error_code_of([&] { asked.storage->decide(unseen); }) == ErrorCode::altered);
    CHECK(asked.found().status == ApprovalStatus::pending);
    const Agent silent(std::make_unique<TestType>());
    Decision answer = decision_on(silent.request, Verdict::answer);
    answer.answer = "x";
    CHECK(error_code_of([&] { silent.storage->decide(answer); }) == ErrorCode::invalid_answer);
    for (const Json& not_true : {Json("true"), Json(1), Json(false), Json::array({true})}) {
        CHECK(Asked(std::make_unique<TestType>(), {{allow_answer_key, not_true}}).refused_answer("x") ==
              ErrorCode::invalid_answer);
    }
}

CONTRACT_TEST("G7 H180 an answer that names what the policy hides does not reach the record") {
    const Asked asked(std::make_unique<TestType>(), {{redact_fields_key, {"pin", "card.number"}}});
    CHECK(asked.refused_answer({{"pin", "4711"}}) == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer({{"rooms", {{{"PIN", 4711}}}}}) == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer({{"card", {{"number", "4242"}}}}) == ErrorCode::invalid_answer);
    CHECK(asked.refused_answer(R"({"pin": "4711"})") == ErrorCode::invalid_answer);
    for (const AuditEntry& entry : asked.storage->audit({}).entries)
        CHECK_THAT(entry.metadata.dump(), !ContainsSubstring("4711"));
    CHECK(asked.answer({{"number", 1}}).status == ApprovalStatus::answered);
}

CONTRACT_TEST("G15 only whoever decides on a request answers it, and none answers what takes several approvals") {
    const Json one = {{quorum_key, {{"approvals", 1}, {"reviewers", {"ana", "bob"}}, {"not_requester", "bob"}}}};
    const Asked asked(std::make_unique<TestType>(), one);
    CHECK(asked.refused_answer("x", "eve") == ErrorCode::not_entitled);
    CHECK(asked.refused_answer("x", "bob") == ErrorCode::not_entitled);
    CHECK(asked.answer("x", "ana").status == ApprovalStatus::answered);
    CHECK(asked.found().votes.size() == 1);
    CHECK(asked.answer("x", "ana").status == ApprovalStatus::answered);
    CHECK(asked.claimed() == "x");
    CHECK(asked.is_intact());
    const Json two = {{quorum_key, {{"approvals", 2}}}};
    const Asked other(std::make_unique<TestType>(), two);
    CHECK(other.refused_answer("x") == ErrorCode::invalid_answer);
    CHECK(other.found().status == ApprovalStatus::pending);
}

CONTRACT_TEST("G18 a stop does not hold an answer back, since it starts nothing") {
    const Asked asked(std::make_unique<TestType>());
    static_cast<void>(asked.storage->stop({.reason = "all hands"}, "ana", "terminal"));
    asked.answer("wait for Monday");
    CHECK(asked.claimed() == "wait for Monday");
}

CONTRACT_TEST("H181 what another program writes into a row is no answer") {
    const Asked asked(std::make_unique<TestType>());
    asked.set_status("answered");
    CHECK(asked.refused_answer_claim() == ErrorCode::cancelled);
    CHECK(asked.found().status == ApprovalStatus::cancelled);
    CHECK(asked.found().answer.is_null());
    CHECK(asked.is_intact());
    const Asked swept(std::make_unique<TestType>());
    swept.set_status("answered");
    swept.engine->clock->pass(std::chrono::seconds(61));
    static_cast<void>(swept.storage->sweep());
    CHECK(swept.found().status == ApprovalStatus::cancelled);
    CHECK(swept.is_intact());
}

CONTRACT_TEST("H181 an answer that another program turned into something else is an answer again") {
    const std::string status = GENERATE("approved", "pending", "rejected");
    const Asked asked(std::make_unique<TestType>());
    asked.answer("no need");
    asked.set_status(status);
    CHECK(asked.refused_claim() == ErrorCode::already_decided);
    CHECK(asked.found().status == ApprovalStatus::answered);
    CHECK(asked.claimed() == "no need");
    CHECK(asked.is_intact());
}

CONTRACT_TEST("H182 a decision that answers does not let a call start, whatever its row says") {
    const Asked asked(std::make_unique<TestType>());
    asked.approve();
    asked.engine->add_decision({asked.answer_of("x"), "2026-01-31 09:05:00.000000", "none"});
    CHECK(asked.refused_claim() == ErrorCode::untrusted_decision);
    CHECK_FALSE(asked.is_intact());
}

CONTRACT_TEST("what the agent says against an answer is on record, and nothing is handed out") {
    const Asked asked(std::make_unique<TestType>());
    asked.answer("x");
    Claim claim{asked.request.id, asked.request.view_digest, {}};
    claim.take_answer = [&](const Decision&) {
        throw RequestAlteredError("send_email", asked.request.id, "no thanks");
    };
    CHECK(error_code_of([&] { static_cast<void>(asked.storage->claim(claim)); }) == ErrorCode::altered);
    CHECK(asked.last_entry().decision == AuditEvent::refused);
    CHECK_THAT(asked.last_entry().reviewer_notes.value_or(""), ContainsSubstring("no thanks"));
    claim.verify = [](const Decision&) { return "unsigned: the decision has no signature"; };
    CHECK(error_code_of([&] { static_cast<void>(asked.storage->claim(claim)); }) == ErrorCode::untrusted_decision);
    CHECK(asked.is_intact());
}

CONTRACT_TEST("G1 of an answer, an approval and a rejection at once one is the outcome") {
    constexpr int rounds = 40;
    Asked asked(std::make_unique<TestType>());
    for (int round = 0; round < rounds; ++round) {
        asked.ask();
        std::vector<Decision> decisions{asked.answer_of("no need", "ada"), decision_on(asked.request, Verdict::approve),
                                        decision_on(asked.request, Verdict::reject)};
        std::vector<ErrorCode> codes(decisions.size(), ErrorCode::misuse);  // the code of the reviewer who won
        {
            std::vector<std::jthread> reviewers;
            for (std::size_t index = 0; index < decisions.size(); ++index) {
                reviewers.emplace_back([&, index] {
                    try {
                        asked.storage->decide(decisions[index]);
                    } catch (const DecisionError& error) {
                        codes[index] = error.code();
                    }
                });
            }
        }
        const auto won = std::count(codes.begin(), codes.end(), ErrorCode::misuse);
        CHECK(won == 1);
        CHECK(std::count(codes.begin(), codes.end(), ErrorCode::already_decided) == 2);
        const bool was_answered = codes[0] == ErrorCode::misuse;
        CHECK((asked.found().status == ApprovalStatus::answered) == was_answered);
        CHECK(asked.found().answer == (was_answered ? Json("no need") : Json()));
    }
    CHECK(asked.is_intact());
}
