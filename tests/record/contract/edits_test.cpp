// What happens to arguments that a reviewer edits when approving them.
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/contract/agent.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using namespace approvekit::contract;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// An agent whose request allows some of its arguments to be edited.
struct Desk : Agent {
    explicit Desk(std::unique_ptr<Engine> kind, const Json& quorum = nullptr) : Agent(std::move(kind)) {
        request = held_request(*engine->clock);
        request.tool_args = {{"to", "ana@example.com"},
                             {"body", "Dear Ana"},
                             {"cc", {"bob@example.com"}},
                             {"amount", 7},
                             {"urgent", false},
                             {"note", nullptr},
                             {"pin", "[REDACTED]"},
                             {"tags", Json::array()},
                             {"card", {{"limit", 5}, {"name", "A"}}}};
        request.metadata[allow_edit_key] = {"args.body", "args.cc",   "args.amount", "args.urgent", "args.note",
                                            "args.pin",  "args.tags", "args.card",   "args.missing"};
        if (!quorum.is_null()) request.metadata[quorum_key] = quorum;
        request.view_digest = view_digest(request);
        storage->submit(request);
    }

    [[nodiscard]] Decision edit_by(const std::string& name, const Json& edits) const {
        Decision decision = decision_on(request, Verdict::approve);
        decision.reviewer = name;
        decision.edits = edits;
        return decision;
    }
    ApprovalRequest approve_with(const Json& edits, const std::string& name = "ana") const {
        return storage->decide(edit_by(name, edits));
    }
    /// Why an edit is refused, or an empty text if it is not.
    [[nodiscard]] std::string objection_to(const Json& edits) const {
        try {
            approve_with(edits);
        } catch (const DecisionError& error) {
            return error.code() == ErrorCode::invalid_edit ? error.what() : "another code";
        }
        return "";
    }
    /// The entry id, and the edits that the claim was given.
    [[nodiscard]] std::pair<std::string, Json> claim_edited() const {
        Json told = "not asked";
        Claim claim{request.id, request.view_digest, {}};
        claim.take_edits = [&](const Decision* decision) { told = decision == nullptr ? Json() : decision->edits; };
        const std::string entry = storage->claim(claim);
        return {entry, told};
    }
};

const Json new_body = {{"args.body", "Dear Ana, thanks"}};

}  // namespace

CONTRACT_TEST(
    "G16 an edit is on record beside what was asked, under a digest of its own, and the claim is told of it") {
    const Desk desk(std::make_unique<TestType>());
    const ApprovalRequest approved = desk.approve_with(new_body);
    CHECK(approved.status == ApprovalStatus::approved);
    REQUIRE(approved.edited);
    CHECK(approved.tool_args.at("body") == "Dear Ana");
    CHECK(approved.edited->edits == new_body);
    CHECK(approved.edited->tool_args.at("body") == "Dear Ana, thanks");
    CHECK(approved.edited->tool_args.at("pin") == "[REDACTED]");
    CHECK(approved.edited->view_digest != approved.view_digest);
    CHECK(to_json_view(approved) == desk.shown());
    const Json told = desk.last_entry().metadata.at("edited");
    CHECK(told.at("edits") == new_body);
    CHECK(told.at("view_digest") == approved.edited->view_digest);
    CHECK(told.at("tool_args") == approved.edited->tool_args);
    CHECK(desk.last_entry().tool_args == approved.tool_args);
    const auto [entry, edits] = desk.claim_edited();
    CHECK(edits == new_body);
    desk.finish(entry, RunState::executed);
    CHECK(desk.is_intact());
}

CONTRACT_TEST("G16 the claim of a call that nobody edited is told so") {
    const Desk desk(std::make_unique<TestType>());
    desk.approve();
    CHECK_FALSE(desk.found().edited);
    CHECK(desk.claim_edited().second.is_null());
}

CONTRACT_TEST("G16 an agent that takes no edited arguments does not start the call with those that were asked") {
    const Desk desk(std::make_unique<TestType>());
    desk.approve_with(new_body);
    CHECK(desk.refused_claim() == ErrorCode::altered);
    CHECK(desk.last_entry().decision == AuditEvent::refused);
    CHECK_THAT(desk.last_entry().reviewer_notes.value_or(""), ContainsSubstring("ana edited its arguments"));
    CHECK(desk.found().run == RunState::none);
    CHECK(desk.is_intact());
}

CONTRACT_TEST("G16 what the agent says against an edit is on record, and the call does not start") {
    const Desk desk(std::make_unique<TestType>());
    desk.approve_with(new_body);
    Claim claim{desk.request.id, desk.request.view_digest, {}};
    claim.take_edits = [&](const Decision*) { throw PolicyDeniedError("send_email", "no thanks", desk.request.id); };
    CHECK(error_code_of([&] { static_cast<void>(desk.storage->claim(claim)); }) == ErrorCode::denied);
    CHECK(desk.last_entry().decision == AuditEvent::refused);
    CHECK_THAT(desk.last_entry().reviewer_notes.value_or(""), ContainsSubstring("no thanks"));
    CHECK(error_code_of([&] { static_cast<void>(desk.claim_edited()); }) == ErrorCode::already_decided);
    CHECK(desk.is_intact());
}

CONTRACT_TEST("G16 only what the request allows is edited, to values of the same kind") {
    const Desk desk(std::make_unique<TestType>());
    CHECK_THAT(desk.objection_to({{"args.to", "eve@example.com"}}),
               StartsWith("args.to: may not be edited; what may is args.body"));
    CHECK_THAT(desk.objection_to({{"args.body", 7}}), StartsWith("args.body: expected a text"));
    CHECK_THAT(desk.objection_to({{"args.body", nullptr}}), StartsWith("args.body: expected a text"));
    CHECK_THAT(desk.objection_to({{"args.amount", "8"}}), StartsWith("args.amount: expected a number"));
    CHECK_THAT(desk.objection_to({{"args.amount", true}}), StartsWith("args.amount: expected a number"));
    CHECK_THAT(desk.objection_to({{"args.urgent", 1}}), StartsWith("args.urgent: expected true or false"));
    CHECK_THAT(desk.objection_to({{"args.note", "x"}}), StartsWith("args.note: expected null, as before"));
    CHECK_THAT(desk.objection_to({{"args.cc", "bob"}}), StartsWith("args.cc: expected a list of elements as before"));
    CHECK_THAT(desk.objection_to({{"args.cc", {7}}}), StartsWith("args.cc: expected a list of elements as before"));
    CHECK_THAT(desk.objection_to({{"args.tags", {"x"}}}), StartsWith("args.tags: expected an empty list"));
    CHECK_THAT(desk.objection_to({{"args.card", {{"limit", 6}}}}),
               StartsWith("args.card: expected an object with the same"));
    CHECK_THAT(desk.objection_to({{"args.card", {{"limit", "6"}, {"name", "A"}}}}),
               StartsWith("args.card: expected an object"));
    CHECK_THAT(desk.objection_to({{"args.card", {{"limit", 6}, {"name", "A"}, {"more", 1}}}}),
               StartsWith("args.card: "));
    CHECK_THAT(desk.objection_to({{"args.missing", "x"}}), StartsWith("args.missing: this call has no such argument"));
    CHECK_THAT(desk.objection_to({{"args.body", "Dear Ana"}}), StartsWith("the edits change nothing"));
    CHECK_THAT(desk.objection_to(Json::object()), StartsWith("expected an object"));
    CHECK_THAT(desk.objection_to({"args.body"}), StartsWith("expected an object"));
    CHECK_THAT(desk.objection_to({{"args.body", "\xff"}}), StartsWith("the edits cannot be taken"));
    CHECK_THAT(desk.objection_to({{"args.body", std::string(maximum_edit_bytes, 'x')}}),
               StartsWith("the edits cannot be taken"));
    CHECK(desk.found().status == ApprovalStatus::pending);
    CHECK(desk.events().empty());
    CHECK(desk.objection_to({{"args.amount", 7.5},
                             {"args.urgent", true},
                             {"args.cc", Json::array()},
                             {"args.card", {{"limit", 6}, {"name", "B"}}}})
              .empty());
}

CONTRACT_TEST("G7 G16 a hidden value is neither edited nor put in") {
    const Desk desk(std::make_unique<TestType>());
    CHECK_THAT(desk.objection_to({{"args.pin", "1234"}}),
               StartsWith("args.pin: it contains a value that the policy hides"));
    CHECK_THAT(desk.objection_to({{"args.body", "your pin is [REDACTED]"}}),
               StartsWith("args.body: [REDACTED] would stand"));
}

CONTRACT_TEST("G16 a request that allows no edits takes none, and a rejection edits nothing") {
    const Agent agent(std::make_unique<TestType>());
    Decision edit = decision_on(agent.request, Verdict::approve);
    edit.edits = new_body;
    CHECK(error_code_of([&] { agent.storage->decide(edit); }) == ErrorCode::invalid_edit);
    const Desk desk(std::make_unique<TestType>());
    Decision rejection = desk.edit_by("ana", new_body);
    rejection.verdict = Verdict::reject;
    CHECK(error_code_of([&] { desk.storage->decide(rejection); }) == ErrorCode::invalid_edit);
    CHECK(desk.found().status == ApprovalStatus::pending);
}

CONTRACT_TEST("G16 what may be edited is told as it was submitted, whatever the row says by now") {
    const Desk desk(std::make_unique<TestType>());
    const std::vector<std::string> paths = desk.found().editable();
    CHECK(paths.size() == 9);
    desk.edit([](Row& row) { row.metadata = R"({"allow_edit": ["args.to"]})"; });
    CHECK(desk.found().editable() == paths);
}

CONTRACT_TEST("G1 G16 of two edits one wins, and the same edit again is the same decision") {
    const Desk desk(std::make_unique<TestType>());
    const Json approved = to_json_view(desk.approve_with(new_body));
    CHECK(to_json_view(desk.approve_with(new_body)) == approved);
    CHECK(error_code_of([&] { desk.approve_with({{"args.body", "Dear all"}}); }) == ErrorCode::already_decided);
    CHECK(error_code_of([&] { desk.approve(); }) == ErrorCode::already_decided);
    CHECK(desk.events() == AuditEvents{AuditEvent::approved});
    CHECK(desk.claim_edited().second == new_body);
}

CONTRACT_TEST("G15 G16 votes count together for the same arguments only") {
    const Desk desk(std::make_unique<TestType>(), {{"approvals", 2}, {"reviewers", {"ana", "bob", "cy"}}});
    desk.approve_with(nullptr, "ana");
    CHECK(desk.approve_with(new_body, "bob").status == ApprovalStatus::pending);
    CHECK(desk.shown().at("quorum").at("missing") == 1);
    CHECK(desk.shown().at("votes").at(0).at("edits").is_null());
    CHECK(desk.shown().at("votes").at(1).at("edits") == new_body);
    CHECK(error_code_of([&] {
              Decision again = desk.edit_by("bob", new_body);
              again.notes = "in other words";
              desk.storage->decide(again);
          }) == ErrorCode::already_voted);
    CHECK(desk.approve_with({{"args.body", "Hi"}}, "cy").status == ApprovalStatus::pending);
    const ApprovalRequest approved = desk.approve_with(new_body, "ana");
    CHECK(approved.status == ApprovalStatus::approved);
    CHECK(approved.edited.value().edits == new_body);
    CHECK(desk.is_intact());
    CHECK(desk.claim_edited().second == new_body);
    CHECK(desk.is_intact());
}

CONTRACT_TEST("G15 G16 a vote for a number does not count for another one that JSON compares as equal") {
    const Desk desk(std::make_unique<TestType>(), {{"approvals", 2}, {"reviewers", {"ana", "bob", "cy"}}});
    const Json negative{{"args.amount", -1}};
    desk.approve_with(negative, "ana");
    const Json large{{"args.amount", std::numeric_limits<std::uint64_t>::max()}};
    CHECK(desk.approve_with(large, "bob").status == ApprovalStatus::pending);
    CHECK(desk.shown().at("quorum").at("missing") == 1);
    CHECK(desk.approve_with(negative, "cy").status == ApprovalStatus::approved);
    CHECK(desk.claim_edited().second == negative);
    CHECK(desk.is_intact());
}

CONTRACT_TEST("G15 G16 a vote for other arguments is missing at the claim") {
    const Desk desk(std::make_unique<TestType>(), {{"approvals", 2}, {"reviewers", {"ana", "bob"}}});
    desk.approve_with(new_body, "ana");
    desk.approve_with(new_body, "bob");
    desk.engine->remove_votes("bob");
    CHECK(error_code_of([&] { static_cast<void>(desk.claim_edited()); }) == ErrorCode::untrusted_decision);
    CHECK_THAT(desk.last_entry().reviewer_notes.value_or(""), ContainsSubstring("quorum: 1 of 2 approvals count"));
}

CONTRACT_TEST("G16 an approval of a request that may be edited counts only with the entry that tells what was edited") {
    const Desk desk(std::make_unique<TestType>());
    record::StoredDecision planted{decision_on(desk.request, Verdict::approve), to_text(desk.engine->clock->now()),
                                   "none"};
    desk.engine->add_decision(planted);
    desk.set_status("approved");
    Claim claim{desk.request.id, desk.request.view_digest, [](const Decision&) { return std::nullopt; }};
    claim.take_edits = [](const Decision*) {};
    CHECK(error_code_of([&] { static_cast<void>(desk.storage->claim(claim)); }) == ErrorCode::altered);
    CHECK_THAT(desk.last_entry().reviewer_notes.value_or(""), ContainsSubstring("no entry records its approval"));
}
