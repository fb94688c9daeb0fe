// What becomes of a database that is moved away, or whose place another file takes, while it is open.
#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "approvekit/reviewer.hpp"
#include "approvekit/web_reviewer.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/held_request.hpp"
#include "support/raw_client.hpp"
#include "support/storage_fixture.hpp"

#include <filesystem>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::testing;
namespace fs = std::filesystem;

namespace {

/// An agent at work whose file is about to go.
struct MovedFile : StorageFixture {
    explicit MovedFile(Sharing kind) {
        sharing = kind;
        storage = open();
        storage->submit(held_request(*clock));
        storage->flush();
    }

    void move_away() const { fs::rename(path, old); }

    /// Nothing gets through, and whoever asks is told why.
    void expect_refusals() const {
        CHECK(error_code_of([&] { static_cast<void>(storage->list({})); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { storage->submit(held_request(*clock)); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { static_cast<void>(storage->record_intent({})); }) == ErrorCode::storage_moved);
        CHECK(error_code_of([&] { static_cast<void>(storage->verify_audit()); }) == ErrorCode::storage_moved);
    }

    /// The moved file alone holds all that was acknowledged.
    void expect_whole() const {
        SqliteStorage moved(old);
        CHECK(moved.list({}).requests.size() == 1);
        CHECK(moved.verify_audit().intact());
        CHECK(as_other_program(old).execAndGet("PRAGMA integrity_check").getString() == "ok");
    }

    fs::path old = directory / "old.db";
    std::unique_ptr<SqliteStorage> storage;
};

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
