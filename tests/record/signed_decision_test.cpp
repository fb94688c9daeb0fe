#include "record/decision_check.hpp"

#include "approvekit/decision_statement.hpp"
#include "record/refused_call.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/failing_storage.hpp"
#include "support/forger.hpp"
#include "support/temporary_directory.hpp"

#include <atomic>

using namespace approvekit;
using approvekit::testing::attacks;
using approvekit::testing::check_call_refused;
using approvekit::testing::FailingStorage;
using approvekit::testing::ForgeryFixture;
using approvekit::testing::last_entry;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// A reviewer who has a key and looks at a storage in memory.
struct SigningFixture {
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>();
    std::shared_ptr<ReviewerKey> key = std::make_shared<ReviewerKey>(ReviewerKey::generate("ada"));
    Reviewer reviewer{storage, "ada", "web"};

    SigningFixture() { reviewer.sign_with(key); }

    /// A request for which only approvals of `signers` count.
    ApprovalRequest add_for(const Json& signers) const {
        ApprovalRequest request = storage->make("wire");
        request.metadata[signers_key] = signers;
        request.view_digest = view_digest(request);
        storage->submit(request);
        return request;
    }
};

/// Counts how often it is asked to sign.
class CountingSigner final : public Signer {
public:
    [[nodiscard]] const std::string& name() const noexcept override { return key_.name(); }
    [[nodiscard]] const std::string& public_key() const noexcept override { return key_.public_key(); }
    [[nodiscard]] std::string sign(std::string_view statement) const override {
        ++signatures;
        return key_.sign(statement);
    }

    mutable std::atomic<int> signatures{0};

private:
    ReviewerKey key_ = ReviewerKey::generate("ada");
};

}  // namespace

TEST_CASE("H26 G14 whatever an agent's side writes into the file, its call does not run without a signature") {
    for (const auto& attack : attacks()) {
        CAPTURE(attack.name);
        const TemporaryDirectory directory;
        const ForgeryFixture fixture(directory / "agent.db");
        PendingCall call = fixture.ask();
        attack.run(fixture, call.request_id());
        check_call_refused(fixture, call, attack.told_as);
        // What was planted beside the entries is found there, and the entries themselves are intact.
        const AuditReport report = fixture.storage->verify_audit();
        CHECK((report.intact() || report.fault->request_id == call.request_id()));
    }
}

TEST_CASE("G14 a refused decision ends its request, so that planting another helps nobody") {
    const TemporaryDirectory directory;
    const ForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    fixture.forger.set_status(call.request_id(), "approved");
    CHECK_THROWS_AS(call.wait(), UntrustedDecisionError);
    CHECK(error_code_of([&] { fixture.decide(fixture.ada, call.request_id()); }) == ErrorCode::already_decided);
    CHECK_THROWS_AS(call.wait(), Error);
}

TEST_CASE("a signed approval lets the call run, and the audit says signed") {
    const TemporaryDirectory directory;
    const ForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    fixture.decide(fixture.ada, call.request_id());
    call.wait().executed();
    fixture.storage->flush();

    const auto decision = fixture.storage->find_decision(call.request_id());
    REQUIRE(decision);
    REQUIRE(decision->signature);
    CHECK(decision->signature->key_id == key_id(fixture.ada.public_key()));
    AuditQuery query;
    query.request_id = call.request_id();
    query.oldest_first = true;
    const auto entries = fixture.storage->audit(query).entries;
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].is_signed);
    CHECK(entries[1].decision == AuditEvent::executed);
}

TEST_CASE("H26 without reviewers in the policy a decision counts unsigned, and the audit says so") {
    const TemporaryDirectory directory;
    const auto storage = std::make_shared<SqliteStorage>(directory / "agent.db");
    const ApproveKit kit(ForgeryFixture::policy_of({}), storage);
    PendingCall call = kit.submit("transfer", {{"amount", 5}});
    CHECK(storage->find(call.request_id())->signers().empty());
    kit.approve(call.request_id(), {.notes = "fine", .reviewer = "ada"});
    call.wait().executed();
    AuditQuery query;
    query.request_id = call.request_id();
    query.oldest_first = true;
    CHECK_FALSE(storage->audit(query).entries.front().is_signed);
}

TEST_CASE("G14 a request says whose signature it needs, and whoever cannot give it is told before deciding") {
    const TemporaryDirectory directory;
    const ForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    const std::string id = call.request_id();
    const auto signers = fixture.storage->find(id)->signers();
    CHECK(signers.size() == 2);
    CHECK(signers.at("ada") == key_id(fixture.ada.public_key()));

    Reviewer keyless(fixture.storage, "ada", "terminal");
    CHECK_THROWS_WITH(keyless.approve(id), ContainsSubstring("signed by ada, ben") && ContainsSubstring("--key"));
    CHECK_THROWS_WITH(fixture.decide(fixture.mallory, id), ContainsSubstring("the key of mallory is not listed"));
    CHECK_THROWS_WITH(fixture.decide(ReviewerKey::generate("ada"), id), ContainsSubstring("another key for ada"));
    CHECK(error_code_of([&] { fixture.kit.approve(id); }) == ErrorCode::untrusted_decision);
    CHECK(fixture.storage->find(id)->status == ApprovalStatus::pending);

    fixture.decide(fixture.ben, id);
    call.wait().executed();
}

TEST_CASE("G14 a signed decision may be sent again with its key, and an unsigned one is not taken for it") {
    SigningFixture fixture;
    const ApprovalRequest asked = fixture.add_for({{"ada", key_id(fixture.key->public_key())}});
    REQUIRE(fixture.reviewer.approve(asked.id, {.notes = "go", .seen = asked.view_digest}).reviewer == "ada");
    CHECK(fixture.reviewer.approve(asked.id, {.notes = "go", .seen = asked.view_digest}).status ==
          ApprovalStatus::approved);
    CHECK(error_code_of([&] { fixture.reviewer.approve(asked.id, {.notes = "went", .seen = asked.view_digest}); }) ==
          ErrorCode::already_decided);
    Reviewer keyless(fixture.storage, "ada", "web");
    CHECK(error_code_of([&] { keyless.approve(asked.id, {.notes = "go", .seen = asked.view_digest}); }) ==
          ErrorCode::already_decided);
    CHECK(error_code_of([&] { fixture.reviewer.reject(asked.id, {.notes = "go"}); }) == ErrorCode::already_decided);
}

TEST_CASE("whoever sees it may refuse a call, with a signature or without") {
    const TemporaryDirectory directory;
    const ForgeryFixture fixture(directory / "agent.db");
    PendingCall unsigned_one = fixture.ask();
    Reviewer(fixture.storage, "passer-by", "web").reject(unsigned_one.request_id(), {.notes = "no"});
    CHECK_THROWS_AS(unsigned_one.wait(), ApprovalRejectedError);
    CHECK_FALSE(last_entry(*fixture.storage, unsigned_one.request_id()).is_signed);

    PendingCall signed_one = fixture.ask();
    fixture.decide(fixture.ada, signed_one.request_id(), Verdict::reject);
    CHECK_THROWS_AS(signed_one.wait(), ApprovalRejectedError);
    CHECK(last_entry(*fixture.storage, signed_one.request_id()).is_signed);
}

TEST_CASE("G14 an approval is signed only for a view that was seen") {
    SigningFixture fixture;
    const ApprovalRequest asked = fixture.storage->add("wire");
    CHECK_THROWS_WITH(fixture.reviewer.approve(asked.id), ContainsSubstring("look at the request first"));
    CHECK(error_code_of([&] { fixture.reviewer.approve(asked.id, {.seen = "another"}); }) == ErrorCode::altered);

    fixture.reviewer.approve(asked.id, {.notes = "fine", .seen = fixture.reviewer.find(asked.id).view_digest});
    const auto decision = fixture.storage->find_decision(asked.id);
    REQUIRE(decision->signature);
    CHECK(decision->signature->statement == DecisionStatement::on(asked, *decision).text());
    CHECK(is_signed_by(fixture.key->public_key(), decision->signature->statement, decision->signature->signature));
}

TEST_CASE("H53 a signed decision says what was shown") {
    SigningFixture fixture;
    const auto shown_of = [&](const std::string& id) {
        return DecisionStatement::parse(fixture.storage->find_decision(id)->signature->statement)->shown;
    };
    const ApprovalRequest first = fixture.storage->add("wire");
    fixture.reviewer.approve(first.id, {.seen = first.view_digest, .shown = Shown::whole});
    CHECK(shown_of(first.id) == Shown::whole);
    const ApprovalRequest second = fixture.storage->add("wire");
    fixture.reviewer.reject(second.id, {.shown = Shown::in_part});
    CHECK(shown_of(second.id) == Shown::in_part);
    const ApprovalRequest third = fixture.storage->add("wire");
    fixture.reviewer.approve(third.id, {.seen = third.view_digest});
    CHECK(shown_of(third.id) == Shown::not_recorded);
}

TEST_CASE("G14 nothing is signed that was not seen, or that the agent would not accept") {
    const auto storage = std::make_shared<FailingStorage>();
    const auto signer = std::make_shared<CountingSigner>();
    Reviewer reviewer(storage, "ada", "web");
    reviewer.sign_with(signer);
    const ApprovalRequest asked = storage->add("wire");
    CHECK_THROWS_AS(reviewer.approve(asked.id), Error);
    CHECK_THROWS_AS(reviewer.approve(asked.id, {.seen = "another"}), Error);
    CHECK(signer->signatures == 0);
    reviewer.approve(asked.id, {.seen = asked.view_digest});
    CHECK(signer->signatures == 1);
    CHECK_THROWS_AS(reviewer.approve(asked.id, {.notes = "other words", .seen = asked.view_digest}), Error);
    CHECK(reviewer.approve(asked.id, {.seen = asked.view_digest}).status == ApprovalStatus::approved);
    CHECK(signer->signatures == 1);
}

TEST_CASE("G14 a digest that the file claims is not what reviewers hand back") {
    const TemporaryDirectory directory;
    const ForgeryFixture fixture(directory / "agent.db");
    PendingCall call = fixture.ask();
    const std::string id = call.request_id();
    const ApprovalRequest asked = *fixture.storage->find(id);
    Reviewer reviewer(fixture.storage, "ada", "web");
    reviewer.sign_with(std::make_shared<ReviewerKey>(fixture.ada));

    // The forger shows another amount beside the digest of the true one, and puts the true one back in time.
    fixture.forger.run("UPDATE approval_requests SET tool_args = '{\"amount\":5,\"to\":\"ann\"}' WHERE id = ?", {id});
    const std::string seen_in_list = reviewer.list().requests.at(0).view_digest;
    const std::string seen_alone = reviewer.find(id).view_digest;
    fixture.forger.run("UPDATE approval_requests SET tool_args = ? WHERE id = ?",
                       {canonical_json(asked.tool_args), id});

    CHECK(seen_in_list != asked.view_digest);
    CHECK(seen_alone == seen_in_list);
    CHECK(error_code_of([&] { reviewer.approve(id, {.seen = seen_in_list}); }) == ErrorCode::altered);
}

TEST_CASE("a key signs for its owner alone") {
    SigningFixture fixture;
    Reviewer other(fixture.storage, "ben", "web");
    CHECK_THROWS_WITH(other.sign_with(fixture.key), ContainsSubstring("the key belongs to 'ada'"));
}

TEST_CASE("requests of other packages have nothing to sign, and are decided as before") {
    SigningFixture fixture;
    const ApprovalRequest foreign = fixture.storage->make("wire");
    fixture.storage->write_as_another_program(foreign);
    CHECK(fixture.reviewer.approve(foreign.id).status == ApprovalStatus::approved);
    CHECK_FALSE(fixture.storage->find_decision(foreign.id)->signature);
}

TEST_CASE("many signers are named in a message that stays short") {
    SigningFixture fixture;
    Json signers = Json::object();
    for (int number = 10; number < 30; ++number)
        signers["reviewer-" + std::to_string(number)] = "0123456789abcdef";
    const ApprovalRequest asked = fixture.add_for(signers);
    CHECK_THROWS_WITH(fixture.reviewer.approve(asked.id, {.seen = asked.view_digest}),
                      ContainsSubstring("or 15 others"));
}

TEST_CASE("a signer that a hostile row names oddly is still one that is not there") {
    SigningFixture fixture;
    CHECK(error_code_of([&] {
              const ApprovalRequest asked = fixture.add_for({{"ada", 7}});
              fixture.reviewer.approve(asked.id, {.seen = asked.view_digest});
          }) == ErrorCode::untrusted_decision);
}
