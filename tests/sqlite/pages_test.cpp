#include "approvekit/digest.hpp"
#include "support/catch.hpp"
#include "support/held_request.hpp"
#include "support/other_program.hpp"
#include "support/storage_fixture.hpp"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace approvekit;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// Every text of an entry, together.
std::size_t bytes_of(const AuditEntry& entry) {
    return to_json_view(entry).dump().size();
}

/// Decided requests of another program, and their entries, each with `bytes` bytes in `column`.
void fill_as_other_program(const std::filesystem::path& path, int count, const std::string& column, std::size_t bytes) {
    SQLite::Database database = as_other_program(path);
    const std::string text = "hex(zeroblob(" + std::to_string(bytes / 2) + "))";
    for (int number = 0; number < count; ++number) {
        const auto value = [&](const std::string& name) { return name == column ? text : std::string("'{}'"); };
        const std::string common =
            value("tool_name") + ", " + value("tool_args") + ", " + value("reviewer_notes") + ", " + value("metadata");
        const std::string id = "'" + std::to_string(number) + "'";
        database.exec(
            "INSERT INTO approval_requests(id, status, created_at, tool_name, tool_args, reviewer_notes, "
            "metadata) VALUES (" +
            id + ", 'approved', '2026-01-01T00:00:00.000000', " + common + ")");
        database.exec(
            "INSERT INTO audit_log(id, request_id, decision, timestamp, tool_name, tool_args, "
            "reviewer_notes, metadata) VALUES (" +
            id + ", " + id + ", 'approved', '2026-01-01T00:00:00.000000', " + common + ")");
    }
}

}  // namespace

TEST_CASE("H15 a page of large requests, or of their entries, ends before it fills the memory") {
    StorageFixture fixture;
    auto storage = fixture.open();
    constexpr int count = 12;
    for (int i = 0; i < count; ++i) {
        ApprovalRequest request = held_request(*fixture.clock);
        request.tool_args["body"] = std::string(std::size_t{1} << 20, 'x');
        request.view_digest = view_digest(request);
        storage->submit(request);
        storage->decide(decision_on(request, Verdict::reject));
    }
    const RequestPage requests = storage->list({.status = std::nullopt, .limit = 200, .cursor = ""});
    CHECK(requests.requests.size() == 8);
    CHECK(storage->list({.status = std::nullopt, .limit = 200, .cursor = requests.next}).requests.size() == count - 8);
    AuditQuery query;
    query.limit = 200;
    const AuditPage entries = storage->audit(query);
    CHECK(entries.entries.size() == 8);
    query.cursor = entries.next;
    CHECK(storage->audit(query).entries.size() == count - 8);
}

TEST_CASE("H76 a page is bounded in all that it holds, rows of other programs included") {
    for (const std::string column : {"tool_name", "tool_args", "reviewer_notes", "metadata"}) {
        CAPTURE(column);
        StorageFixture fixture;
        auto storage = fixture.open();
        fill_as_other_program(fixture.path, 12, column, 3 * mebibyte);
        std::size_t requests = 0;
        RequestQuery query{.status = std::nullopt, .limit = 200, .cursor = ""};
        do {
            const RequestPage page = storage->list(query);
            CHECK(page.requests.size() <= 3);
            requests += page.requests.size();
            query.cursor = page.next;
        } while (!query.cursor.empty());
        CHECK(requests == 12);
        for (const bool oldest_first : {false, true}) {
            std::size_t entries = 0;
            AuditQuery wanted{.request_id = "", .limit = 200, .cursor = "", .oldest_first = oldest_first};
            do {
                const AuditPage page = storage->audit(wanted);
                CHECK(page.entries.size() <= 3);
                entries += page.entries.size();
                wanted.cursor = page.next;
            } while (!wanted.cursor.empty());
            CHECK(entries == 12);
        }
    }
}

namespace {

/// Requests that need two votes and have one.
void submit_voted_on(SqliteStorage& storage, const Clock& clock, int count) {
    for (int number = 0; number < count; ++number) {
        ApprovalRequest request = held_request(clock);
        request.metadata["quorum"] = {{"approvals", 2}};
        request.view_digest = view_digest(request);
        storage.submit(request);
        storage.decide(decision_on(request, Verdict::approve));
    }
}

/// Adds `count` other votes beside each one, each with `notes` and `entry`, which are SQL.
void plant_votes(const std::filesystem::path& path, int count, const std::string& notes, const std::string& entry) {
    as_other_program(path).exec(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(count) +
        ") INSERT INTO approvekit_votes(number, request_id, verdict, reviewer, way, notes, voted_at, view_digest, "
        "entry_id, shown) SELECT -i - 100000 * v.number, request_id, verdict, 'eve', way, " +
        notes + ", voted_at, view_digest, " + entry + ", shown FROM approvekit_votes v, n");
}

}  // namespace

TEST_CASE("H76 a page is bounded in what it reads of votes, those of other programs included") {
    StorageFixture fixture;
    auto storage = fixture.open();
    submit_voted_on(*storage, *fixture.clock, 6);
    std::size_t most = 6;
    SECTION("many") {
        plant_votes(fixture.path, 60, "hex(zeroblob(30000))", "entry_id");
        most = 3;
    }
    SECTION("more than a page has room for, of one request") {
        plant_votes(fixture.path, 200, "hex(zeroblob(30000))", "entry_id");
        most = 1;
    }
    SECTION("large ones, which are left out") {
        plant_votes(fixture.path, 3, "hex(zeroblob(2000000))", "entry_id");
    }
    std::size_t requests = 0;
    RequestQuery query{.status = std::nullopt, .limit = 200, .cursor = ""};
    do {
        const RequestPage page = storage->list(query);
        CHECK(page.requests.size() <= most);
        for (const ApprovalRequest& request : page.requests)
            CHECK(to_json_view(request).dump().size() < 10'000);
        requests += page.requests.size();
        query.cursor = page.next;
    } while (!query.cursor.empty());
    CHECK(requests == 6);
}

TEST_CASE("G15 planted votes hide none that has an entry, however many there are") {
    StorageFixture fixture;
    auto storage = fixture.open();
    submit_voted_on(*storage, *fixture.clock, 1);
    plant_votes(fixture.path, 1001, "'x'", "'none'");
    const ApprovalRequest request = storage->list({}).requests.at(0);
    REQUIRE(request.votes.size() == 1);
    Decision last = decision_on(request, Verdict::approve);
    last.reviewer = "bob";
    CHECK(storage->decide(last).status == ApprovalStatus::approved);
    CHECK_FALSE(storage->claim({request.id, request.view_digest, {}}).empty());
}

TEST_CASE("H76 a text that no page has room for is left out of it, and said to be") {
    StorageFixture fixture;
    auto storage = fixture.open();
    fill_as_other_program(fixture.path, 2, "tool_args", 20 * mebibyte);
    const std::string left_out = "[20971520 bytes left out]";
    const RequestPage page = storage->list({.status = std::nullopt, .limit = 200, .cursor = ""});
    REQUIRE(page.requests.size() == 2);
    CHECK((page.requests.front().tool_args == left_out));
    CHECK(page.requests.front().tool_name == "{}");
    for (const bool oldest_first : {false, true}) {
        const AuditPage audit =
            storage->audit({.request_id = "", .limit = 200, .cursor = "", .oldest_first = oldest_first});
        REQUIRE(audit.entries.size() == 2);
        CHECK((audit.entries.front().tool_args == left_out));
        CHECK(bytes_of(audit.entries.front()) < 1000);
    }
    CHECK(storage->find("0")->tool_args.dump().size() > 20 * mebibyte);
}

TEST_CASE("H76 an entry of ours is exported whole however large its arguments are") {
    StorageFixture fixture;
    auto storage = fixture.open();
    ApprovalRequest request = held_request(*fixture.clock);
    request.tool_args["body"] = std::string(9 * mebibyte, 'x');
    request.view_digest = view_digest(request);
    storage->submit(request);
    storage->decide(decision_on(request, Verdict::reject));
    AuditQuery query;
    CHECK(bytes_of(storage->audit(query).entries.front()) < 2000);
    query.oldest_first = true;
    CHECK((storage->audit(query).entries.front().tool_args == request.tool_args));
}
