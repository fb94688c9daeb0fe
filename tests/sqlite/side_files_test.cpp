// The files beside the database: who owns them; and how many names the database itself has.
#include "sqlite/side_files.hpp"
#include "approvekit/error.hpp"
#include "sqlite/database_file.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_user.hpp"
#include "support/private_mounts.hpp"
#include "support/storage_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

using namespace approvekit;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

fs::path beside(const fs::path& database, const std::string& suffix) {
    return database.string() + suffix;
}

/// A journal that SQLite plays back: it cuts the database to its first page.
std::string hot_journal() {
    std::string header("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
    for (const unsigned number : {0U, 0U, 1U, 512U, 4096U}) {  // records, nonce, pages, size of a sector, of a page
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            header += static_cast<char>((number >> shift) & 0xFFU);
    }
    header.resize(512);
    return header;
}

/// The error of opening it, or nothing if it succeeds.
std::string complaint_of_opening(const StorageFixture& fixture, ErrorCode code) {
    try {
        fixture.come_and_go();
    } catch (const StorageError& error) {
        CHECK(error.code() == code);
        return error.what();
    }
    return "";
}

constexpr ::gid_t team = 5000;
constexpr OtherUser ana{5001, team};
constexpr OtherUser ben{5002, team};
constexpr OtherUser stranger{5003, 5003};

/// A database of Ana, with everything beside it, in a folder of hers that `mode` lets others use.
struct SharedFolder : StorageFixture {
    explicit SharedFolder(::mode_t mode) {
        REQUIRE(::chown(directory.path().c_str(), ana.id, team) == 0);
        REQUIRE(::chmod(directory.path().c_str(), mode) == 0);
        REQUIRE(as(ana, [this] { come_and_go(); }) == 0);
    }

    /// Runs `work` in a process of that user. Returns 0 if it threw nothing.
    template <typename Work>
    [[nodiscard]] static int as(const OtherUser& user, Work work) {
        return ForkedChild([&](const ForkedChild::Report& report) {
                   report();
                   user.become();
                   work();
               })
            .wait();
    }
};

}  // namespace

TEST_CASE("H66 a journal that another user put beside the database is refused before SQLite reads it") {
    if (::geteuid() != 0) return;  // only root can give files away
    const std::string suffix = GENERATE("-journal", "-wal", "-shm");
    CAPTURE(suffix);
    const StorageFixture fixture;
    fixture.come_and_go();
    const std::string before = fixture.bytes();
    const auto planted = beside(fixture.path, suffix);
    std::ofstream(planted, std::ios::binary) << hot_journal();
    REQUIRE(::chown(planted.c_str(), stranger.id, stranger.team) == 0);
    const std::string complaint = complaint_of_opening(fixture, ErrorCode::unsafe_path);
    CHECK_THAT(complaint, ContainsSubstring(planted.string()) && ContainsSubstring("another user") &&
                              ContainsSubstring("remove it"));
    CHECK((fixture.bytes() == before));
}

TEST_CASE("H66 a journal that is a link, has a second name or is writable for everybody is refused") {
    const StorageFixture fixture;
    fixture.come_and_go();
    const std::string before = fixture.bytes();
    const auto journal = beside(fixture.path, "-journal");
    fs::remove(journal);
    SECTION("a symbolic link") {
        std::ofstream(fixture.directory / "elsewhere", std::ios::binary) << hot_journal();
        fs::create_symlink(fixture.directory / "elsewhere", journal);
    }
    SECTION("a hard link") {
        std::ofstream(fixture.directory / "elsewhere", std::ios::binary) << hot_journal();
        fs::create_hard_link(fixture.directory / "elsewhere", journal);
    }
    SECTION("writable for everybody") {
        std::ofstream(journal, std::ios::binary) << hot_journal();
        REQUIRE(::chmod(journal.c_str(), 0666) == 0);
    }
    SECTION("a folder") {
        fs::create_directory(journal);
    }
    CHECK_THAT(complaint_of_opening(fixture, ErrorCode::unsafe_path), ContainsSubstring(journal.string()));
    CHECK((fixture.bytes() == before));
}

TEST_CASE("H67 a database with a second name is refused, and the call that waits at the first one goes on") {
    const StorageFixture fixture;
    const auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    const auto second = fixture.directory / "second.db";
    fs::create_hard_link(fixture.path, second);
    try {
        fixture.open(second)->sweep();
        FAIL("it was opened");
    } catch (const StorageError& error) {
        CHECK(error.code() == ErrorCode::unsafe_path);
        CHECK_THAT(error.what(), ContainsSubstring("hard link") && ContainsSubstring("remove"));
    }
    CHECK(agent->find(request.id)->status == ApprovalStatus::pending);
    fs::remove(second);
    CHECK_NOTHROW(fixture.come_and_go());
}

TEST_CASE("H67 a database that is mounted without its folder is refused, and the call that waits goes on") {
    const StorageFixture fixture;
    const auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    const auto inside = fixture.directory / "container";
    fs::create_directory(inside);
    std::ofstream(inside / "agent.db").flush();
    ForkedChild container([&](const ForkedChild::Report& report) {
        enter_private_mounts();
        mount_again(fixture.path, inside / "agent.db");
        try {
            fixture.open(inside / "agent.db")->sweep();
            report(0);
        } catch (const StorageError& error) {
            report(error.code() == ErrorCode::unsafe_path &&
                   std::string(error.what()).find("mount the folder") != std::string::npos);
        }
    });
    CHECK(container.reported() == 1);
    CHECK(agent->find(request.id)->status == ApprovalStatus::pending);
}

TEST_CASE("H67 what is mounted is told from what only stands there") {
    const StorageFixture fixture;
    fixture.come_and_go();
    CHECK(sqlite::is_mount_point("/"));
    CHECK_FALSE(sqlite::is_mount_point(fixture.path));
    CHECK_FALSE(sqlite::is_mount_point(fixture.directory / "missing"));
}

TEST_CASE("H67 the folder of a database may be mounted elsewhere") {
    const StorageFixture fixture;
    const auto agent = fixture.open();
    const ApprovalRequest request = held_request(*fixture.clock);
    agent->submit(request);
    const TemporaryDirectory inside;
    ForkedChild container([&](const ForkedChild::Report& report) {
        enter_private_mounts();
        mount_again(fixture.directory.path(), inside.path());
        report(static_cast<int>(fixture.open(inside / fixture.path.filename().string())->sweep()));
    });
    CHECK(container.reported() == 0);
    CHECK(agent->find(request.id)->status == ApprovalStatus::pending);
}

TEST_CASE("H66 H69 a file beside the database is trusted when somebody put it there who may write the database") {
    constexpr ::mode_t file = S_IFREG;
    struct stat database {};
    database.st_uid = ana.id;
    database.st_gid = team;
    database.st_mode = file | 0660;
    struct stat folder {};
    folder.st_uid = ana.id;
    folder.st_gid = team;
    folder.st_mode = S_IFDIR | 02770;
    struct stat side = database;
    side.st_nlink = 1;
    CHECK_FALSE(sqlite::objection_to(side, database, folder));
    side.st_uid = stranger.id;
    CHECK_FALSE(sqlite::objection_to(side, database, folder));
    SECTION("not when it is of another group") {
        side.st_gid = stranger.team;
    }
    SECTION("not when the database is not shared") {
        database.st_mode = file | 0600;
    }
    SECTION("not when everybody may make files there") {
        folder.st_mode |= 01007;
    }
    SECTION("not when another group may make files there") {
        folder.st_gid = stranger.team;
    }
    SECTION("not when everybody may write it") {
        side.st_uid = ana.id;
        side.st_mode |= 0002;
    }
    CHECK(sqlite::objection_to(side, database, folder));
}

TEST_CASE("H69 two users of one group share a database, whoever of them comes first") {
    if (::geteuid() != 0) return;  // only root can become others
    SharedFolder shared(GENERATE(::mode_t{0770}, ::mode_t{02770}));
    REQUIRE(::chown(shared.path.c_str(), ana.id, team) == 0);
    REQUIRE(::chmod(shared.path.c_str(), 0660) == 0);
    SECTION("the owner") {
        CHECK(shared.as(ana, [&] { shared.come_and_go(); }) == 0);
    }
    SECTION("the other, with nothing beside the database") {
        for (const char* suffix : {"-bell", "-journal", "-wal", "-shm"})
            fs::remove(beside(shared.path, suffix));
    }
    const ApprovalRequest request = held_request(*shared.clock);
    const auto look = [&] { shared.open()->sweep(); };
    CHECK(shared.as(ben, look) == 0);
    ForkedChild agent([&](const ForkedChild::Report& report) {
        ana.become();
        const auto storage = shared.open();
        storage->submit(request);
        report();
        const bool told = eventually([&] { return storage->find(request.id)->status == ApprovalStatus::approved; });
        if (told) static_cast<void>(storage->claim({request.id, request.view_digest, {}}));
    });
    CHECK(shared.as(ben, [&] { static_cast<void>(shared.open()->decide(decision_on(request, Verdict::approve))); }) ==
          0);
    CHECK(agent.wait() == 0);
    CHECK(shared.open()->find(request.id)->run != RunState::none);
    for (const auto& entry : fs::directory_iterator(shared.directory.path())) {
        CAPTURE(entry.path());
        struct stat status {};
        REQUIRE(::lstat(entry.path().c_str(), &status) == 0);
        CHECK(status.st_gid == team);
        CHECK((status.st_mode & 0777U) == 0660);
    }
    CHECK(shared.as(stranger, look) != 0);
}
