#include "agent/decision_verifier.hpp"

#include "approvekit/reviewer_key.hpp"
#include "record/decision_check.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/manual_clock.hpp"

using namespace approvekit;
using approvekit::testing::ManualClock;
using Catch::Matchers::StartsWith;

namespace {

/// An agent that asked, two reviewers whom its policy lists, and one whom it does not list.
struct Court {
    ManualClock clock;
    ApprovalRequest asked = held_request(clock);
    ReviewerKey ada = ReviewerKey::generate("ada");
    ReviewerKey ben = ReviewerKey::generate("ben");
    ReviewerKey mallory = ReviewerKey::generate("mallory");
    std::vector<TrustedReviewer> listed = {{"ada", ada.public_key()}, {"ben", ben.public_key()}};

    Court() {
        asked.action_digest = "action";
        asked.policy_digest = "policy";
        asked.view_digest = view_digest(asked);
    }

    [[nodiscard]] static Decision signed_by(const ReviewerKey& key, const ApprovalRequest& shown,
                                            Verdict verdict = Verdict::approve) {
        Decision decision = decision_on(shown, verdict);
        decision.reviewer = key.name();
        decision.view_digest = view_digest(shown);
        record::sign(decision, shown, key);
        return decision;
    }

    [[nodiscard]] std::string objection(const Decision& decision) const {
        return detail::DecisionVerifier(listed).objection(asked, decision, clock.now()).value_or("");
    }

    /// The objection to ada's approval of a request that differs from the one that was asked.
    template <typename Change>
    [[nodiscard]] std::string objection_to_other(Change change) const {
        ApprovalRequest other = asked;
        change(other);
        return objection(signed_by(ada, other));
    }
};

}  // namespace

TEST_CASE("the signed approval of a listed reviewer is trusted") {
    const Court court;
    CHECK(court.objection(Court::signed_by(court.ada, court.asked)).empty());
    CHECK(court.objection(Court::signed_by(court.ben, court.asked)).empty());
}

TEST_CASE("H53 a signed approval counts whatever it says of what was shown, and so does one of version 1") {
    const Court court;
    for (const Shown shown : {Shown::whole, Shown::in_part, Shown::by_id, Shown::not_recorded}) {
        Decision decision = Court::signed_by(court.ada, court.asked);
        decision.shown = shown;
        record::sign(decision, court.asked, court.ada);
        CHECK(court.objection(decision).empty());
    }
    Decision old = Court::signed_by(court.ada, court.asked);
    DecisionStatement statement = DecisionStatement::on(court.asked, old);
    statement.shown = std::nullopt;
    old.signature->statement = statement.text();
    old.signature->signature = court.ada.sign(statement.text());
    CHECK(court.objection(old).empty());

    Decision replayed = old;
    replayed.notes = "another";
    CHECK_THAT(court.objection(replayed), StartsWith("note changed: "));
}

TEST_CASE("G14 a decision without a signature is not trusted") {
    const Court court;
    Decision decision = Court::signed_by(court.ada, court.asked);
    decision.signature->signature.clear();
    CHECK_THAT(court.objection(decision), StartsWith("unsigned: "));
    decision.signature.reset();
    CHECK_THAT(court.objection(decision), StartsWith("unsigned: "));
}

TEST_CASE("G14 only keys that the policy lists count, each for its own reviewer") {
    const Court court;
    CHECK_THAT(court.objection(Court::signed_by(court.mallory, court.asked)), StartsWith("unknown reviewer: "));

    Decision borrowed = Court::signed_by(court.ben, court.asked);
    borrowed.reviewer = "ada";
    CHECK(court.objection(borrowed) == "wrong key: ben signed it, not ada");

    Decision other_key = Court::signed_by(ReviewerKey::generate("ada"), court.asked);
    CHECK(court.objection(other_key) == "wrong key: the policy lists another one for ada");
    other_key.signature->key_id = key_id(court.ada.public_key());
    CHECK(court.objection(other_key) == "forged: ada did not sign this decision");
}

TEST_CASE("G14 an approval counts for the very request that it was given for") {
    const Court court;
    CHECK(court.objection_to_other([](ApprovalRequest& other) { other.id = "another"; }) ==
          "replayed: ada signed it for request another");
    CHECK_THAT(court.objection_to_other([](ApprovalRequest& other) { other.nonce = "another"; }),
               StartsWith("replayed: "));
    CHECK_THAT(court.objection_to_other([](ApprovalRequest& other) { other.action_digest = "another"; }),
               StartsWith("edited request: "));
    CHECK_THAT(court.objection_to_other([](ApprovalRequest& other) { other.tool_args["to"] = "eve@example.com"; }),
               StartsWith("edited request: "));
    CHECK_THAT(court.objection_to_other([](ApprovalRequest& other) { *other.deadline += std::chrono::hours(1); }),
               StartsWith("edited request: "));
    CHECK_THAT(court.objection_to_other([](ApprovalRequest& other) { other.policy_digest = "another"; }),
               StartsWith("other policy: "));
}

TEST_CASE("G14 a signed rejection is no approval, whatever the record says of it") {
    const Court court;
    Decision rejection = Court::signed_by(court.ada, court.asked, Verdict::reject);
    CHECK_THAT(court.objection(rejection), StartsWith("rejection turned into an approval: "));
    rejection.verdict = Verdict::approve;
    CHECK_THAT(court.objection(rejection), StartsWith("rejection turned into an approval: "));
}

TEST_CASE("G14 the note of a signed decision is the reviewer's own") {
    const Court court;
    Decision decision = Court::signed_by(court.ada, court.asked);
    decision.notes = "and all later ones too";
    CHECK_THAT(court.objection(decision), StartsWith("note changed: "));
}

TEST_CASE("G14 a signed approval counts until the last start that it allows and not at it") {
    Court court;
    std::chrono::seconds window(60);
    SECTION("without a window of the policy's own") {}
    SECTION("with one") {
        window = std::chrono::seconds(10);
        court.asked.metadata[start_within_key] = window.count();
    }
    const Decision decision = Court::signed_by(court.ada, court.asked);
    court.clock.advance(std::chrono::seconds(60) + window - std::chrono::microseconds(2));
    CHECK(court.objection(decision).empty());
    court.clock.advance(std::chrono::microseconds(1));
    CHECK_THAT(court.objection(decision), StartsWith("expired: "));
}

TEST_CASE("G14 what the record says was signed never makes a decision count") {
    const Court court;
    Decision replay = Court::signed_by(court.ada, held_request(court.clock));
    replay.request_id = court.asked.id;
    replay.signature->statement = DecisionStatement::on(court.asked, replay).text();
    CHECK(court.objection(replay) == "forged: ada did not sign this decision");

    Decision odd = Court::signed_by(court.ada, court.asked);
    odd.signature->statement = "{}";
    odd.signature->signature = court.ada.sign("{}");
    CHECK(court.objection(odd) == "forged: what ada signed is not a decision");
    odd.signature->statement = std::string(100'000, 'x');
    odd.signature->signature = court.ada.sign(odd.signature->statement);
    CHECK(court.objection(odd) == "forged: what was signed is not a decision");
}

TEST_CASE("a statement that was lost from the record does not spoil a good signature") {
    const Court court;
    Decision decision = Court::signed_by(court.ada, court.asked);
    decision.signature->statement.clear();
    decision.signature->key_id.clear();
    CHECK(court.objection(decision).empty());
}
