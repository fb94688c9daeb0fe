#include "approvekit/reviewer.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/error.hpp"
#include "approvekit/metadata_keys.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/failing_storage.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace approvekit;
using approvekit::testing::FailingStorage;
using approvekit::testing::ManualClock;
using Catch::Matchers::ContainsSubstring;

namespace {

struct ReviewerFixture {
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
    std::shared_ptr<FailingStorage> storage = std::make_shared<FailingStorage>(clock);
    Reviewer reviewer{storage, "ada", "library"};
};

/// Like a hardware key: all it gets is what it signs.
class NamedSigner : public Signer {
public:
    explicit NamedSigner(std::string name) : name_(std::move(name)) {}
    [[nodiscard]] const std::string& name() const noexcept override { return name_; }
    [[nodiscard]] const std::string& public_key() const noexcept override { return key_; }
    [[nodiscard]] std::string sign(std::string_view statement) const override {
        return "signed " + std::string(statement);
    }

private:
    std::string name_;
    std::string key_ = "key";
};

}  // namespace

TEST_CASE("G9 a decision names its reviewer and the way it came") {
    ReviewerFixture fixture;
    const auto asked = fixture.storage->add("send_email");

    const ApprovalRequest after = fixture.reviewer.approve(asked.id, {.notes = "looks right"});

    CHECK(after.status == ApprovalStatus::approved);
    CHECK(after.reviewer == "ada");
    CHECK(after.way == "library");
    CHECK(after.reviewer_notes == "looks right");
}

TEST_CASE("a request is decided by a unique start of its id, in either case") {
    ReviewerFixture fixture;
    fixture.storage->add("wire", {}, "abcd1111");
    fixture.storage->add("wire", {}, "abce2222");

    CHECK(fixture.reviewer.reject("ABCD").id == "abcd1111");
    CHECK(fixture.reviewer.find("abce").status == ApprovalStatus::pending);
}

TEST_CASE("H18 a prefix that fits several ids is refused and nothing is decided") {
    ReviewerFixture fixture;
    fixture.storage->add("wire", {}, "abcd1111");
    fixture.storage->add("wire", {}, "abcd2222");

    CHECK(error_code_of([&] { fixture.reviewer.approve("abcd"); }) == ErrorCode::ambiguous);
    CHECK(error_code_of([&] { (void)fixture.reviewer.find("abcd"); }) == ErrorCode::ambiguous);
    CHECK(fixture.reviewer.list().requests.size() == 2);
}

TEST_CASE("H18 an empty id and one of under four characters are refused") {
    ReviewerFixture fixture;
    fixture.storage->add("wire", {}, "abcd1111");

    CHECK(error_code_of([&] { fixture.reviewer.approve(""); }) == ErrorCode::not_found);
    CHECK(error_code_of([&] { fixture.reviewer.approve("abc"); }) == ErrorCode::not_found);
    CHECK(fixture.reviewer.list().requests.size() == 1);
}

TEST_CASE("an id that exists wins over being the start of another, however short it is") {
    ReviewerFixture fixture;
    fixture.storage->add("wire", {}, "7");
    fixture.storage->add("wire", {}, "7000");

    CHECK(fixture.reviewer.approve("7").id == "7");
}

TEST_CASE("a decision on the request that was seen is refused once the request is another") {
    ReviewerFixture fixture;
    const auto seen = fixture.storage->add("wire");
    fixture.storage->alter(seen.id);

    CHECK(error_code_of([&] { fixture.reviewer.approve(seen.id, {.seen = seen.view_digest}); }) == ErrorCode::altered);
    CHECK(fixture.reviewer.find(seen.id).status == ApprovalStatus::pending);
}

TEST_CASE("the second decision is told who was faster") {
    ReviewerFixture fixture;
    const auto asked = fixture.storage->add("wire");
    fixture.reviewer.reject(asked.id);

    CHECK_THROWS_WITH(fixture.reviewer.approve(asked.id), ContainsSubstring("rejected") && ContainsSubstring("ada"));
}

TEST_CASE("an overdue request is not listed as pending") {
    ReviewerFixture fixture;
    fixture.storage->add("wire");
    fixture.clock->advance(std::chrono::minutes(2));

    CHECK(fixture.reviewer.list().requests.empty());
}

TEST_CASE("H8 a note that is too long, holds a NUL or is not UTF-8 is refused and nothing is decided") {
    ReviewerFixture fixture;
    const auto asked = fixture.storage->add("wire");

    const std::vector<std::string> bad = {std::string(maximum_note_bytes + 1, 'x'), std::string("a\0b", 3), "\xC3("};
    for (const std::string& notes : bad) {
        CHECK(error_code_of([&] { fixture.reviewer.approve(asked.id, {.notes = notes}); }) ==
              ErrorCode::invalid_option);
    }
    CHECK(fixture.reviewer.find(asked.id).status == ApprovalStatus::pending);
    CHECK(fixture.reviewer.approve(asked.id, {.notes = std::string(maximum_note_bytes, 'x')}).status ==
          ApprovalStatus::approved);
}

TEST_CASE("a reviewer needs a name that can be shown on one line") {
    const auto storage = std::make_shared<FailingStorage>();
    const std::vector<std::string> bad = {
        "", "a\nb", "\x1b[31m", "a\x7f", "a\xC2\x85z", "\xFF", std::string(201, 'x'), std::string("a\0b", 3)};
    for (const std::string& name : bad) {
        CHECK(error_code_of([&] { Reviewer(storage, name, "library"); }) == ErrorCode::invalid_option);
    }
    CHECK(Reviewer(storage, "Zo\xC3\xAB \xC2\xA9", "library").name().size() == 7);
}

TEST_CASE("a reviewer signs through any signer, over the statement that the decision makes on the request") {
    ReviewerFixture fixture;
    const auto asked = fixture.storage->add("wire");
    fixture.reviewer.sign_with(std::make_shared<NamedSigner>("ada"));

    fixture.reviewer.approve(asked.id, {.notes = "yes", .seen = asked.view_digest});

    const auto decision = fixture.storage->find_decision(asked.id);
    REQUIRE(decision);
    REQUIRE(decision->signature);
    const std::string statement = DecisionStatement::on(asked, *decision).text();
    CHECK(decision->signature->statement == statement);
    CHECK(decision->signature->signature == "signed " + statement);
    CHECK(decision->signature->key_id == key_id("key"));
}

TEST_CASE("a reviewer does not take another's key") {
    ReviewerFixture fixture;
    CHECK(error_code_of([&] { fixture.reviewer.sign_with(std::make_shared<NamedSigner>("eve")); }) ==
          ErrorCode::invalid_option);
}

TEST_CASE("a signer that fails for the second of several loses nothing of what was decided before") {
    /// Fails with an error that no class of this library throws.
    class FailingSigner final : public NamedSigner {
    public:
        FailingSigner() : NamedSigner("ada") {}
        [[nodiscard]] std::string sign(std::string_view statement) const override {
            if (++signed_ == 2) throw std::runtime_error("the key was pulled out");
            return NamedSigner::sign(statement);
        }

    private:
        mutable int signed_ = 0;
    };
    ReviewerFixture fixture;
    const auto first = fixture.storage->add("wire");
    const auto second = fixture.storage->add("wire");
    fixture.reviewer.sign_with(std::make_shared<FailingSigner>());

    const auto results =
        fixture.reviewer.decide(Verdict::approve, {{first.id, first.view_digest}, {second.id, second.view_digest}});

    REQUIRE(results.size() == 2);
    CHECK(results[0].status == ApprovalStatus::approved);
    CHECK(results[1].code == ErrorCode::cryptography);
    CHECK_THAT(results[1].error, ContainsSubstring("the key was pulled out"));
    CHECK(results[1].status == ApprovalStatus::pending);
}

TEST_CASE("G17 a grant ends by the clock of the record, whatever the reviewer's says") {
    class StorageAhead final : public FailingStorage {
    public:
        using FailingStorage::FailingStorage;
        [[nodiscard]] Time now() override { return FailingStorage::now() + std::chrono::minutes(1); }
    };
    const auto clock = std::make_shared<ManualClock>();
    const auto storage = std::make_shared<StorageAhead>(clock);
    auto asked = storage->make("wire");
    asked.metadata[grants_key] = {{"uses", 5}, {"for", 3600}};
    asked.view_digest = view_digest(asked);
    storage->submit(asked);

    Reviewer(storage, "ada", "library")
        .approve(asked.id, {.grant = GrantTerms{.uses = 2, .lasts = std::chrono::hours(1)}});

    const auto grant = storage->find_grant(asked.id);
    REQUIRE(grant);
    CHECK(grant->terms.until == clock->now() + std::chrono::hours(1));
}

TEST_CASE("the login name is never empty") {
    CHECK_FALSE(login_name().empty());
}
