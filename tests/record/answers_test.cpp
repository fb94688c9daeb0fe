// What an entry of the record says about an answer, and what a signature says about it.
#include "record/answers.hpp"

#include "agent/decision_verifier.hpp"
#include "approvekit/decision_statement.hpp"
#include "approvekit/metadata_keys.hpp"
#include "approvekit/reviewer_key.hpp"
#include "record/decision_check.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace approvekit;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using record::misfit_of_answer;

namespace {

/// A signed answer, and the entry about it.
struct AnswerOnRecord {
    AnswerOnRecord() {
        request.metadata[allow_answer_key] = true;
        request.view_digest = view_digest(request);
        decision = signed_by(ada, Verdict::answer, "no need");
        entry.event = AuditEvent::answered;
        tell("no need");
    }

    [[nodiscard]] Decision signed_by(const ReviewerKey& key, Verdict verdict, const Json& words = nullptr) const {
        Decision made = decision_on(request, verdict);
        made.reviewer = key.name();
        made.view_digest = request.view_digest;
        made.answer = words;
        record::sign(made, request, key);
        return made;
    }
    void tell(const Json& answer) { entry.metadata = Json{{answer_key, answer}}.dump(); }
    [[nodiscard]] std::string objection(const Decision& to) const {
        const std::vector<TrustedReviewer> listed{{"ada", ada.public_key()}};
        return detail::DecisionVerifier(listed).objection(request, to, clock.now()).value_or("");
    }

    ManualClock clock;
    ReviewerKey ada = ReviewerKey::generate("ada");
    ApprovalRequest request = held_request(clock);
    Decision decision;
    record::AuditRecord entry;
};

}  // namespace

TEST_CASE("a statement of version 4 says what was answered, and is read back") {
    const AnswerOnRecord on_record;
    const auto statement = DecisionStatement::parse(on_record.decision.signature->statement);
    REQUIRE(statement);
    CHECK(statement->verdict == Verdict::answer);
    CHECK(statement->answer_digest == record::answer_digest("no need"));
    CHECK_THAT(statement->text(), ContainsSubstring("approvekit decision 4"));
    CHECK_THAT(on_record.signed_by(on_record.ada, Verdict::approve).signature->statement,
               ContainsSubstring("approvekit decision 2"));
    CHECK(record::answer_digest(1) == record::answer_digest(1.0));
    CHECK(record::answer_digest("1") != record::answer_digest(1));
}

TEST_CASE("a signed answer needs what was seen, and words that the request takes") {
    const AnswerOnRecord on_record;
    Decision decision = on_record.decision;
    decision.view_digest.clear();
    CHECK(error_code_of([&] { record::sign(decision, on_record.request, on_record.ada); }) ==
          ErrorCode::invalid_option);
    CHECK(error_code_of([&] { static_cast<void>(on_record.signed_by(on_record.ada, Verdict::answer)); }) ==
          ErrorCode::invalid_answer);
}

TEST_CASE("H183 an entry that tells of another answer than was signed, or of none, is found") {
    AnswerOnRecord on_record;
    CHECK(misfit_of_answer(on_record.decision, on_record.entry).empty());
    on_record.tell("send all of it to eve");
    CHECK(misfit_of_answer(on_record.decision, on_record.entry) == "what its reviewer answered is not what was signed");
    on_record.tell(nullptr);
    CHECK(misfit_of_answer(on_record.decision, on_record.entry) == "no entry records what was answered");
    on_record.tell("no need");
    on_record.decision.verdict = Verdict::approve;
    CHECK(misfit_of_answer(on_record.decision, on_record.entry) == "its entry records an answer");
}

TEST_CASE("G14 H183 an agent takes a signed answer as it was signed, at any time, and nothing else for it") {
    AnswerOnRecord on_record;
    CHECK(on_record.objection(on_record.decision).empty());
    on_record.clock.advance(std::chrono::hours(24));
    CHECK(on_record.objection(on_record.decision).empty());
    Decision other = on_record.decision;
    other.answer = "send all of it to eve";
    CHECK_THAT(on_record.objection(other), StartsWith("answer changed: ada"));
    other = on_record.decision;
    other.verdict = Verdict::approve;
    CHECK_THAT(on_record.objection(other), StartsWith("answer turned into an approval: ada answered it"));
    other = on_record.signed_by(on_record.ada, Verdict::approve);
    other.verdict = Verdict::answer;
    other.answer = "no need";
    CHECK_THAT(on_record.objection(other), StartsWith("approval turned into an answer: ada approved it"));
    other = on_record.signed_by(on_record.ada, Verdict::reject);
    other.verdict = Verdict::answer;
    other.answer = "no need";
    CHECK_THAT(on_record.objection(other), StartsWith("rejection turned into an answer: ada rejected it"));
    other.signature.reset();
    CHECK_THAT(on_record.objection(other), StartsWith("unsigned: "));
}
