// How our locks and descriptors affect the rest of the process, and how the rest of the process affects them.
#include "sqlite/locks.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/lock_descriptor.hpp"
#include "sqlite/locked_file.hpp"
#include "support/catch.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_user.hpp"
#include "support/storage_fixture.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace approvekit;
using namespace std::chrono_literals;
using sqlite::LockDescriptor;

namespace {

constexpr ::off_t reserved_byte = 0x40000001;
constexpr ::off_t readers_byte = 0x40000002;
constexpr ::off_t index_users_byte = 128;

struct flock byte_of(short type, ::off_t byte) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_start = byte;
    lock.l_len = 1;
    return lock;
}

/// As another process sees it.
bool is_locked_by_posix(const std::filesystem::path& file, ::off_t byte) {
    return ForkedChild([&](const ForkedChild::Report& report) {
               auto lock = byte_of(F_WRLCK, byte);
               const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
               const bool is_told = opened >= 0 && ::fcntl(opened, F_GETLK, &lock) == 0;
               report(static_cast<int>(is_told && lock.l_type != F_UNLCK && lock.l_pid == ::getppid()));
           }).reported() == 1;
}

std::string make_file(const TemporaryDirectory& directory, const std::string& name) {
    const std::string path = (directory / name).string();
    std::ofstream(path) << "text";
    return path;
}

bool is_open(int number) {
    return ::fcntl(number, F_GETFD) >= 0;
}

/// Simulates a mutex of the program that is held while it opens a record: at the fork, somebody opens one, and must
/// succeed.
struct ForkHandler {
    static void before_fork() {
        if (!armed.exchange(false)) return;
        opening = std::async(std::launch::async, [] { LockDescriptor().open("/dev/null", O_RDONLY | O_CLOEXEC); });
        got_through = opening.wait_for(2s) == std::future_status::ready;
    }

    inline static std::atomic<bool> armed = false;
    inline static std::future<void> opening;
    inline static bool got_through = false;
    inline static const int registered = ::pthread_atfork(before_fork, nullptr, nullptr);
};

/// Allocates nothing, so that it can be called in a child that is forked at any time.
bool maps(std::string_view path) {
    static std::array<char, 4 << 20> text;
    const int file = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    std::size_t size = 0;
    for (::ssize_t more = 1; more > 0; size += static_cast<std::size_t>(more))
        more = std::max<::ssize_t>(::read(file, text.data() + size, text.size() - size), 0);
    ::close(file);
    return size == 0 || size == text.size() || std::string_view(text.data(), size).find(path) != std::string_view::npos;
}

}  // namespace

TEST_CASE("H60 a storage that is closed takes no lock of the program's own connections with it") {
    StorageFixture it;
    SECTION("in a file with a rollback journal") {
        it.come_and_go();
        it.shell("PRAGMA journal_mode = TRUNCATE");
        auto own = as_other_program(it.path);
        own.exec("BEGIN IMMEDIATE");
        auto options = it.options();
        options.busy_timeout = 20ms;
        static_cast<void>(SqliteStorage(it.path, options));
        CHECK(is_locked_by_posix(it.path, reserved_byte));
        own.exec("ROLLBACK");
    }
    SECTION("in a file with a write-ahead log, which another uses too") {
        it.sharing = Sharing::closed;
        it.come_and_go();
        auto own = as_other_program(it.path);
        own.exec("SELECT count(*) FROM approval_requests");
        for (int round = 0; round < 3; ++round)
            it.open()->submit(held_request(*it.clock));
        CHECK(is_locked_by_posix(it.path, readers_byte));
        CHECK(is_locked_by_posix(it.path.string() + "-shm", index_users_byte));
    }
}

TEST_CASE("H60 a descriptor that was kept is used again, without its locks, and closed once its file has no name") {
    const TemporaryDirectory directory;
    const std::string path = make_file(directory, "a");
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    LockDescriptor file(LockDescriptor::End::keep);
    REQUIRE(file.open(path.c_str(), O_RDWR | O_CLOEXEC));
    const int number = file.get();
    REQUIRE(sqlite::ByteLocks(file).exclude(5, 1) == SQLITE_OK);
    file.reset();
    CHECK(is_open(number));
    LockDescriptor other;
    REQUIRE(other.open(path.c_str(), O_RDWR | O_CLOEXEC));
    bool is_held = true;
    CHECK(sqlite::ByteLocks(other).look_for_others(0, 0, is_held) == SQLITE_OK);
    CHECK_FALSE(is_held);
    CHECK_FALSE(file.reuse(status, false));
    REQUIRE(file.reuse(status, true));
    CHECK(file.get() == number);
    file.reset();
    CHECK(ForkedChild([&](const ForkedChild::Report& report) { report(is_open(number) ? 1 : 0); }).reported() == 0);
    std::filesystem::remove(path);
    CHECK_FALSE(file.reuse({}, true));
    CHECK_FALSE(is_open(number));
}

TEST_CASE("H60 of too many descriptors that are kept, the oldest without a lock on its file is closed") {
    const TemporaryDirectory directory;
    const std::string locked = make_file(directory, "locked");
    std::vector<std::unique_ptr<LockDescriptor>> files;
    for (std::size_t i = 0; i < LockDescriptor::most_kept + 1; ++i) {
        const std::string path = i == 0 ? locked : make_file(directory, std::to_string(i));
        files.push_back(std::make_unique<LockDescriptor>(LockDescriptor::End::keep));
        REQUIRE(files.back()->open(path.c_str(), O_RDWR | O_CLOEXEC));
    }
    auto lock = byte_of(F_WRLCK, reserved_byte);
    REQUIRE(::fcntl(files.at(0)->get(), F_SETLK, &lock) == 0);
    const std::array numbers{files.at(0)->get(), files.at(1)->get(), files.at(2)->get()};
    for (auto& file : files)
        file->reset();
    CHECK(is_open(numbers[0]));
    CHECK_FALSE(is_open(numbers[1]));
    CHECK(is_open(numbers[2]));
    CHECK(is_locked_by_posix(locked, reserved_byte));
}

TEST_CASE("H60 whoever forks with a mutex that others hold while they open a record does not wait for them for ever") {
    REQUIRE(ForkHandler::registered == 0);
    const StorageFixture it;
    it.come_and_go();
    ForkHandler::armed = true;
    const ForkedChild child([](const ForkedChild::Report& report) { report(); });
    CHECK(ForkHandler::got_through);
    ForkHandler::opening.wait();
}

TEST_CASE("H60 no fork gets hold of the memory of an index, and with it of the locks") {
    const TemporaryDirectory directory;
    const std::string path = (directory / "a.db-shm").string();
    struct stat database {};
    REQUIRE(::stat(make_file(directory, "a.db").c_str(), &database) == 0);
    const std::jthread mapping([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            sqlite::LogIndex index(path);
            void volatile* memory = nullptr;
            if (index.open(database, true) == SQLITE_OK) static_cast<void>(index.map(0, 32768, true, &memory));
        }
    });
    int with_memory = 0;
    for (int fork = 0; fork < 300; ++fork)
        with_memory +=
            ForkedChild([&](const ForkedChild::Report& report) { report(maps(path) ? 1 : 0); }, ForkTime::at_once)
                .reported();
    CHECK(with_memory == 0);
}

TEST_CASE("H60 where the system does not say who has a lock, nobody is taken for a writer") {
    const LockDescriptor none;
    bool told = false;
    CHECK(sqlite::ByteLocks(none).look_for_others(0, 1, told) == SQLITE_IOERR_LOCK);
    const sqlite::DatabaseLocks locks(none);
    CHECK(locks.check_reserved(told) == SQLITE_IOERR_CHECKRESERVEDLOCK);
    CHECK_FALSE(told);
    CHECK(locks.look_for_foreign_readers(told) == SQLITE_IOERR_LOCK);
}

TEST_CASE("who meets too many others at the log is told to try again") {
    SQLite::Database database(":memory:");
    const auto fail = [](sqlite3_context* context, int, sqlite3_value**) {
        sqlite3_result_error_code(context, SQLITE_PROTOCOL);
    };
    database.createFunction("fail", 0, true, nullptr, fail, nullptr, nullptr, nullptr);
    try {
        database.exec("SELECT fail()");
        FAIL("it did not");
    } catch (const SQLite::Exception& error) {
        CHECK(sqlite::storage_error(error, "a.db").code() == ErrorCode::storage_busy);
    }
}

TEST_CASE("H70 an agent that was killed starts again though another user reads its record") {
    if (::geteuid() != 0) return;  // only root can become others
    StorageFixture it;
    it.sharing = Sharing::closed;
    it.come_and_go();
    REQUIRE(::chmod(it.directory.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(it.path.c_str(), 0644) == 0);
    {
        const ForkedChild agent([&](const ForkedChild::Report& report) {
            const auto storage = it.open();
            storage->submit(held_request(*it.clock));
            report();
            ForkedChild::linger();
        });
    }
    const ForkedChild reader([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        auto connection = as_other_program(it.path, SQLite::OPEN_READONLY);
        report(connection.execAndGet("SELECT count(*) FROM approval_requests").getInt());
        ForkedChild::linger();
    });
    REQUIRE(reader.reported() == 1);
    for (int round = 0; round < 2; ++round)
        it.open()->submit(held_request(*it.clock));
    const auto agent = it.open();
    const auto reviewer = it.open();
    CHECK(it.ask("SELECT count(*) FROM approval_requests") == "3");
    CHECK(reviewer->verify_audit().intact());
}
