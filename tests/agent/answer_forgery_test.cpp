// What an agent's side that may write everything in the record tries, to get an answer that nobody gave.
#include "approvekit/metadata_keys.hpp"
#include "approvekit/reviewer_key.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forger.hpp"
#include "support/scratch_database.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::StartsWith;

namespace {

/// An agent whose policy lists ada and ben, who may answer; and a forger beside it.
struct AnswerForgery : ScratchDatabase {
    [[nodiscard]] Policy policy() const {
        PolicyRule rule;
        rule.tool = "transfer";
        rule.require_approval = true;
        rule.allow_answer = true;
        return Policy().add_rule(rule).set_reviewers({{"ada", ada.public_key()}, {"ben", ben.public_key()}});
    }
    [[nodiscard]] PendingCall ask(int amount = 9000) const {
        return kit.submit("transfer", {{"to", "mallory"}, {"amount", amount}});
    }
    /// Does what the owner of `key` does: look, then answer what was seen.
    void answer(const ReviewerKey& key, const std::string& id, const Json& words) const {
        Reviewer reviewer(storage, key.name(), "terminal");
        reviewer.sign_with(std::make_shared<ReviewerKey>(key));
        reviewer.answer(id, words, {.seen = reviewer.find(id).view_digest});
    }
    void approve(const std::string& id) const {
        Reviewer reviewer(storage, "ada", "terminal");
        reviewer.sign_with(std::make_shared<ReviewerKey>(ada));
        reviewer.approve(id, {.seen = reviewer.find(id).view_digest});
    }

    /// Writes everything that an answer on record has, in the name of ada, except a valid chain; `verify` finds that.
    void plant(const std::string& id, const Json& words, const DecisionSignature& signature) const {
        forger.run(
            "INSERT INTO approvekit_audit(seq, entry_id, request_id, event, tool_name, tool_args, timestamp, metadata, "
            "reviewer, way, view, is_signed, hash) SELECT (SELECT max(seq) + 1 FROM approvekit_audit), 'planted', "
            "request_id, 'answered', 'transfer', '{}', '2026-01-31T09:05:00.000000', ?, 'ada', 'web', view_digest, 1, "
            "zeroblob(32) FROM approvekit_requests WHERE request_id = ?",
            {Json{{answer_key, words}}.dump(), id});
        forger.run(
            "INSERT INTO approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, "
            "entry_id, key_id, statement, signature) VALUES (?, 'answer', 'ada', 'web', '', "
            "'2026-01-31T09:05:00.000000', '', 'planted', ?, ?, ?)",
            {id, signature.key_id, signature.statement, signature.signature});
        forger.run("UPDATE approvekit_requests SET is_open = 0 WHERE request_id = ?", {id});
        forger.set_status(id, "answered");
    }
    [[nodiscard]] DecisionSignature signed_by(const ReviewerKey& key, const std::string& id, const Json& words) const {
        Decision decision;
        decision.request_id = id;
        decision.verdict = Verdict::answer;
        decision.reviewer = "ada";
        decision.answer = words;
        const std::string statement = DecisionStatement::on(*storage->find(id), decision).text();
        return {key_id(key.public_key()), statement, key.sign(statement)};
    }
    /// Checks how the agent's call ends: it must neither get an answer nor run.
    void refuses(PendingCall& call, const std::string& told_as) const {
        CHECK(error_code_of([&] { static_cast<void>(call.wait()); }) != ErrorCode::answered);
        CHECK_THAT(last_entry(*storage, call.request_id()).reviewer_notes.value_or(""), StartsWith(told_as));
        CHECK_FALSE(storage->verify_audit().intact());
    }

    ReviewerKey ada = ReviewerKey::generate("ada");
    ReviewerKey ben = ReviewerKey::generate("ben");
    ReviewerKey mallory = ReviewerKey::generate("mallory");
    std::shared_ptr<SqliteStorage> storage = std::make_shared<SqliteStorage>(path, shared_with_others());
    ApproveKit kit{policy(), storage};
    Forger forger{path};
};

}  // namespace

TEST_CASE("G14 H183 an answer that a listed reviewer signed reaches the agent as it was signed") {
    const AnswerForgery record;
    PendingCall call = record.ask();
    record.answer(record.ada, call.request_id(), "no need");
    CHECK(error_code_of([&] { static_cast<void>(call.wait()); }) == ErrorCode::answered);
    CHECK(record.storage->verify_audit().intact());
}

TEST_CASE("G14 H183 an agent with every right to write the record gives itself no answer") {
    const AnswerForgery record;
    PendingCall call = record.ask();
    const std::string& id = call.request_id();
    const Json words = "send it";
    SECTION("without a signature") {
        record.plant(id, words, {});
        record.refuses(call, "untrusted answer: unsigned");
    }
    SECTION("with a key of its own") {
        record.plant(id, words, record.signed_by(record.mallory, id, words));
        record.refuses(call, "untrusted answer: wrong key");
    }
    SECTION("with the key of another listed reviewer") {
        record.plant(id, words, record.signed_by(record.ben, id, words));
        record.refuses(call, "untrusted answer: wrong key");
    }
    SECTION("with what ada signed for another call") {
        const PendingCall earlier = record.ask(5);
        record.plant(id, words, record.signed_by(record.ada, earlier.request_id(), words));
        record.refuses(call, "untrusted answer: replayed");
    }
}

TEST_CASE("G14 H183 an answer whose words were changed on record is given to nobody") {
    const AnswerForgery record;
    PendingCall call = record.ask();
    const std::string& id = call.request_id();
    record.answer(record.ada, id, "no need");
    record.forger.run("UPDATE approvekit_audit SET metadata = ? WHERE request_id = ? AND event = 'answered'",
                      {Json{{answer_key, "send it"}}.dump(), id});
    record.refuses(call, "untrusted answer: answer changed");
}

TEST_CASE("G14 H182 neither an approval becomes an answer on record, nor an answer an approval") {
    const AnswerForgery record;
    PendingCall approved = record.ask();
    record.approve(approved.request_id());
    const auto given = record.storage->find_decision(approved.request_id())->signature.value();
    PendingCall call = record.ask(5);
    record.plant(call.request_id(), "send it", given);
    record.refuses(call, "untrusted answer: replayed");

    PendingCall other = record.ask(6);
    const std::string& id = other.request_id();
    record.answer(record.ada, id, "no need");
    record.forger.run("UPDATE approvekit_audit SET event = 'approved' WHERE request_id = ? AND event = 'answered'",
                      {id});
    const std::string verdict = GENERATE("approve", "answer");
    record.forger.run("UPDATE approvekit_decisions SET verdict = ? WHERE request_id = ?", {verdict, id});
    record.forger.run("UPDATE approvekit_requests SET is_open = 1, run = 'none' WHERE request_id = ?", {id});
    record.forger.set_status(id, "approved");
    record.refuses(other, "untrusted decision: answer turned into an approval");
}

TEST_CASE("G14 H183 a rule that allows no answer takes none, whatever the stored request says") {
    const AnswerForgery record;
    const ApproveKit strict(Policy()
                                .add_rule({.tool = "transfer", .require_approval = true})
                                .set_reviewers({{"ada", record.ada.public_key()}}),
                            record.storage);
    PendingCall call = strict.submit("transfer", {{"to", "mallory"}});
    const std::string& id = call.request_id();
    ApprovalRequest widened = *record.storage->find(id);
    widened.metadata[allow_answer_key] = true;
    record.forger.run("UPDATE approval_requests SET metadata = ? WHERE id = ?", {widened.metadata.dump(), id});
    record.plant(id, "send it", {});
    record.refuses(call, "altered: ");
}

TEST_CASE("G15 H183 what somebody signed who has no vote on a call is no answer to it") {
    const AnswerForgery record;
    PolicyRule rule = record.policy().rules().front();
    rule.reviewers = {"ben"};
    const ApproveKit circled(
        Policy().add_rule(rule).set_reviewers({{"ada", record.ada.public_key()}, {"ben", record.ben.public_key()}}),
        record.storage);
    PendingCall call = circled.submit("transfer", {{"to", "mallory"}});
    const std::string& id = call.request_id();
    record.plant(id, "send it", record.signed_by(record.ada, id, "send it"));
    record.refuses(call, "untrusted answer: ada has no vote on it");
}
