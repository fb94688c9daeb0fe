#include "approvekit/decision_statement.hpp"

#include "approvekit/digest.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/manual_clock.hpp"

using namespace approvekit;

namespace {

DecisionStatement some_statement() {
    return {.request_id = "request",
            .nonce = "nonce",
            .action_digest = "action",
            .view_digest = "view",
            .policy_digest = "policy",
            .verdict = Verdict::approve,
            .reviewer = "ada",
            .notes_digest = "notes",
            .expires_at = *parse_time("2026-01-31T09:05:00.000000"),
            .shown = Shown::whole};
}

// As it was signed before decisions said what was shown.
constexpr std::string_view text_of_version_1 =
    R"({"action_digest":"action","expires_at":"2026-01-31T09:05:00.000000","nonce":"nonce",)"
    R"("notes_digest":"notes","policy_digest":"policy","request_id":"request","reviewer":"ada",)"
    R"("statement":"approvekit decision 1","verdict":"approve","view_digest":"view"})";

}  // namespace

TEST_CASE("what is signed is a text that people can read and that never changes its form") {
    CHECK(some_statement().text() ==
          R"({"action_digest":"action","expires_at":"2026-01-31T09:05:00.000000","nonce":"nonce",)"
          R"("notes_digest":"notes","policy_digest":"policy","request_id":"request","reviewer":"ada",)"
          R"("shown":"whole","statement":"approvekit decision 2","verdict":"approve","view_digest":"view"})");
}

TEST_CASE("H53 a signed statement of version 1 is read as one that does not say what was shown") {
    const auto statement = DecisionStatement::parse(text_of_version_1);
    REQUIRE(statement);
    CHECK_FALSE(statement->shown);
    CHECK(statement->text() == text_of_version_1);
    DecisionStatement said = *statement;
    said.shown = Shown::whole;
    CHECK(said == some_statement());
}

TEST_CASE("G14 statements that differ anywhere differ in what is signed") {
    const std::string text = some_statement().text();
    const auto changed = [&](auto change) {
        DecisionStatement other = some_statement();
        change(other);
        return other.text() != text;
    };
    CHECK(changed([](DecisionStatement& other) { other.request_id = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.nonce = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.action_digest = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.view_digest = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.policy_digest = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.verdict = Verdict::reject; }));
    CHECK(changed([](DecisionStatement& other) { other.reviewer = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.notes_digest = "another"; }));
    CHECK(changed([](DecisionStatement& other) { other.expires_at += std::chrono::microseconds(1); }));
    CHECK(changed([](DecisionStatement& other) { other.shown = Shown::in_part; }));
    CHECK(changed([](DecisionStatement& other) { other.shown = std::nullopt; }));
}

TEST_CASE("a statement is read back from its text, and from no other text") {
    const std::string text = some_statement().text();
    REQUIRE(DecisionStatement::parse(text));
    CHECK(*DecisionStatement::parse(text) == some_statement());
    for (const std::string& other :
         {std::string(), std::string("{}"), std::string("[]"), text + " ", " " + text, text.substr(1),
          std::string(text).replace(text.find("decision 2"), 10, "decision 1"),
          std::string(text).replace(text.find("decision 2"), 10, "decision 3"),
          std::string(text).replace(text.find("whole"), 5, "wholly"),
          std::string(text).replace(text.find("approve\""), 7, "perhaps"),
          std::string(text).replace(text.find("2026"), 4, "soon"),
          std::string(text).replace(text.find("\"ada\""), 5, "7"),
          std::string(text).replace(text.size() - 1, 1, ",\"z\":1}")}) {
        CAPTURE(other);
        CHECK_FALSE(DecisionStatement::parse(other));
    }
}

TEST_CASE("G14 G17 a statement with a grant is of version 4, covers all of it, and leaves the others as they were") {
    const approvekit::testing::ManualClock clock;
    const ApprovalRequest request = held_request(clock);
    Decision decision = decision_on(request, Verdict::approve);
    const std::string without = DecisionStatement::on(request, decision).text();
    CHECK(without.find("approvekit decision 2") != std::string::npos);
    decision.grant.emplace();
    const auto text = [&] { return DecisionStatement::on(request, decision).text(); };
    const std::string with = text();
    CHECK(with.find("approvekit decision 4") != std::string::npos);
    CHECK(DecisionStatement::parse(with)->text() == with);
    CHECK_FALSE(DecisionStatement::parse(std::string(with).replace(with.find("decision 4"), 10, "decision 3")));
    decision.grant->uses = 2;
    CHECK(text() != with);
    decision.grant->uses = 1;
    decision.grant->until += std::chrono::microseconds(1);
    CHECK(text() != with);
    decision.grant->until = Time{};
    decision.grant->free = {"args.to"};
    CHECK(text() != with);
    decision.grant->free.clear();
    decision.grant->bounds = {{"args.to", {{"equals", "ada"}}}};
    CHECK(text() != with);
}

TEST_CASE("G14 the view that is signed is computed from what the request shows") {
    const approvekit::testing::ManualClock clock;
    ApprovalRequest request = held_request(clock);
    const Decision decision = decision_on(request, Verdict::approve);
    const DecisionStatement before = DecisionStatement::on(request, decision);
    CHECK(before.view_digest == view_digest(request));

    request.view_digest = "what somebody wrote there";
    CHECK(DecisionStatement::on(request, decision) == before);
    request.tool_args["to"] = "eve@example.com";
    CHECK_FALSE(DecisionStatement::on(request, decision) == before);
}
