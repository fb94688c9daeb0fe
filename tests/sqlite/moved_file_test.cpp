// What happens to a database that is moved away, or replaced by another file, while it is open.
#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/web_reviewer.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/raw_client.hpp"
#include "support/storage_fixture.hpp"

#include <filesystem>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// An agent at work whose file is about to be moved.
struct MovedFile : StorageFixture {
    explicit MovedFile(Sharing kind) {
        sharing = kind;
        storage = open();
        storage->submit(held_request(*clock));
        storage->flush();
    }

    void move_away() const { fs::rename(path, old); }

    /// Checks that nothing gets through, and that every caller is told why.
    void expect_refusals() const {
        CHECK(error_code_of([&] { static_cast<void>(storage->list({})); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { storage->submit(held_request(*clock)); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { static_cast<void>(storage->record_intent({})); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { static_cast<void>(storage->verify_audit()); }) == ErrorCode::storage_moved);
    }

    /// Checks that the moved file alone contains everything that was acknowledged.
    void expect_whole() const { expect_whole(old); }

    static void expect_whole(const fs::path& name, int requests = 1) {
        CHECK(SqliteStorage(name).verify_audit().intact());
        CHECK(as_other_program(name).execAndGet("SELECT count(*) FROM approval_requests").getInt() == requests);
        CHECK(as_other_program(name).execAndGet("PRAGMA integrity_check").getString() == "ok");
    }

    fs::path old = directory / "old.db";
    std::unique_ptr<SqliteStorage> storage;
};

/// What each of `count` openers that come at once is told.
std::vector<std::string> told_at_once(int count, const StorageFixture& it) {
    std::latch together(count);
    std::vector<std::string> told(static_cast<std::size_t>(count), "nothing");
    std::vector<std::jthread> openers;
    for (std::string& answer : told) {
        openers.emplace_back([&] {
            together.arrive_and_wait();
            try {
                it.open()->submit(held_request(*it.clock));
            } catch (const Error& error) {
                answer = std::string(to_string(error.code())) + ": " + error.what();
            }
        });
    }
    openers.clear();
    return told;
}

/// Checks that all of `count` openers that come at once are told that something was moved.
void expect_all_refused(int count, const StorageFixture& it) {
    const std::string moved(to_string(ErrorCode::storage_moved));
    for (const std::string& answer : told_at_once(count, it))
        CHECK_THAT(answer, StartsWith(moved + ": "));
}

}  // namespace

TEST_CASE("H61 a database that is moved away while it is open stays whole, and nothing runs on it") {
    MovedFile it(GENERATE(Sharing::closed, Sharing::open));
    it.move_away();
    it.expect_refusals();
    CHECK_FALSE(fs::exists(it.path));
    it.storage.reset();
    CHECK_FALSE(fs::exists(it.path));
    it.expect_whole();
}

TEST_CASE("H61 a file that takes the place of an open database is left alone, and so is the moved one") {
    MovedFile it(GENERATE(Sharing::closed, Sharing::open));
    it.move_away();
    it.shell("CREATE TABLE other(x); INSERT INTO other VALUES (1)");
    const std::string before = it.bytes();
    it.expect_refusals();
    it.storage.reset();
    CHECK(it.bytes() == before);
    it.expect_whole();
}

TEST_CASE("H61 of many who open a copy where the log of the moved database stands, none joins that log") {
    MovedFile it(Sharing::closed);
    const fs::path backup = it.directory / "backup.db";
    static_cast<void>(it.open(backup));
    for (int round = 0; round < 10; ++round) {
        it.move_away();
        fs::copy_file(backup, it.path);
        expect_all_refused(8, it);
        fs::rename(it.path, backup);
        fs::rename(it.old, it.path);
    }
    static_cast<void>(it.storage->verify_audit());
    it.storage.reset();
    it.expect_whole(it.path);
    it.expect_whole(backup, 0);
}

TEST_CASE("H61 a database that a foreign program has open under another name is not opened, nor one beside its log") {
    StorageFixture it;
    it.sharing = Sharing::closed;
    const fs::path backup = it.directory / "backup.db";
    static_cast<void>(it.open(backup));
    it.come_and_go();
    const ForkedChild foreign([&](const ForkedChild::Report& report) {
        auto connection = as_other_program(it.path);
        connection.exec("SELECT count(*) FROM approval_requests");
        report();
        ForkedChild::linger();
    });
    const fs::path old = it.directory / "old.db";
    fs::rename(it.path, old);
    SECTION("under its new name") {
        CHECK(error_code_of([&] { static_cast<void>(it.open(old)); }) == ErrorCode::storage_moved);
        CHECK_THROWS_WITH(it.open(old), ContainsSubstring("another program reads it without taking part in its log"));
    }
    SECTION("a copy under its old one") {
        fs::copy_file(backup, it.path);
        expect_all_refused(4, it);
    }
}

TEST_CASE("H61 a log that is removed while the database is open is noticed, and what it held is kept") {
    MovedFile it(Sharing::closed);
    const std::string suffix = GENERATE("-wal", "-shm");
    CAPTURE(suffix);
    const fs::path file = it.path.string() + suffix;
    REQUIRE(it.storage->list({}).requests.size() == 1);
    SECTION("by itself") {
        fs::remove(file);
    }
    SECTION("with the database, which is put back alone") {
        it.move_away();
        fs::rename(file, it.directory / "elsewhere");
        fs::rename(it.old, it.path);
    }
    it.expect_refusals();
    CHECK_THROWS_WITH(it.storage->list({}), ContainsSubstring("what the log held is in the database now: stop all"));
    expect_all_refused(2, it);
    it.storage.reset();
    it.expect_whole(it.path);
}

TEST_CASE("H61 who has nothing to do and closes a moved database leaves it whole") {
    StorageFixture it;
    it.sharing = Sharing::closed;
    {
        const ForkedChild agent([&](const ForkedChild::Report& report) {
            const auto storage = it.open();
            storage->submit(held_request(*it.clock));
            report();
            ForkedChild::linger();
        });
    }
    auto reviewer = it.open();
    const fs::path old = it.directory / "old.db";
    fs::rename(it.path, old);
    reviewer.reset();
    CHECK(as_other_program(old).execAndGet("SELECT count(*) FROM approval_requests").getInt() == 1);
}

TEST_CASE("H61 a web server whose database another file replaced says so instead of showing an empty queue") {
    MovedFile it(GENERATE(Sharing::closed, Sharing::open));
    WebReviewer::Options options;
    options.token = "a-token-for-tests-only";
    WebReviewer web(Reviewer(std::shared_ptr<SqliteStorage>(std::move(it.storage)), "ada", "web"), options);
    web.start();
    const auto ask = [&](const std::string& path) {
        return RawClient(web.port())
            .ask("GET " + path + " HTTP/1.1\r\nHost: " + web.address().substr(7) +
                 "\r\nAuthorization: Bearer a-token-for-tests-only\r\n\r\n");
    };
    REQUIRE(ask("/api/requests").status == 200);
    it.move_away();
    it.shell("CREATE TABLE other(x)");
    const RawAnswer answer = ask("/api/requests");
    CHECK(answer.status == 503);
    CHECK(answer.body.find("another file was put in the place of the database") != std::string::npos);
    CHECK(eventually([&] { return ask("/api/health").status == 503; }));
}

TEST_CASE("H72 what names no file is refused and makes none") {
    const auto name = GENERATE(values<std::string>({"", ":memory:", "file:memory?mode=memory", "file::memory:"}));
    const fs::path before = fs::current_path();
    const TemporaryDirectory directory;
    fs::current_path(directory.path());
    CHECK(error_code_of([&] { const SqliteStorage storage(name); }) == ErrorCode::unsafe_path);
    CHECK(fs::is_empty(directory.path()));
    fs::current_path(before);
}
