// A record that can be read but not written.
#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/held_request.hpp"
#include "support/other_user.hpp"
#include "support/private_mounts.hpp"
#include "support/storage_fixture.hpp"
#include "web/api.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include <sys/stat.h>

using namespace approvekit;
namespace fs = std::filesystem;

namespace {

/// A record with a request and an allowed call, as a killed agent leaves it.
struct WrittenRecord : StorageFixture {
    WrittenRecord() {
        ForkedChild agent([this](const ForkedChild::Report& report) {
            const auto storage = open();
            storage->submit(request);
            static_cast<void>(storage->record_intent({"read_file", "{}", "{}", "auto"}));
            report();
            ForkedChild::linger();
        });
    }

    [[nodiscard]] std::unique_ptr<SqliteStorage> open_to_read(const fs::path& name) const {
        auto settings = options();
        settings.access = Access::read;
        return std::make_unique<SqliteStorage>(name, settings);
    }

    /// Each file of the folder and its content.
    [[nodiscard]] std::map<fs::path, std::string> folder() const {
        std::map<fs::path, std::string> files;
        for (const auto& entry : fs::directory_iterator(directory.path())) {
            std::ifstream file(entry.path(), std::ios::binary);
            files[entry.path()] = {std::istreambuf_iterator<char>(file), {}};
        }
        return files;
    }

    ApprovalRequest request = held_request(*clock);
};

/// Runs `work` in a child, which reports its result. What the child mounts is seen only there.
int in_child(const std::function<int()>& work) {
    return ForkedChild([&](const ForkedChild::Report& report) { report(work()); }).reported();
}

/// For a child, which no failed check of the test may end.
bool is_refused_as_read_only(const std::function<void()>& work) {
    try {
        work();
    } catch (const StorageError& error) {
        return error.code() == ErrorCode::storage_read_only;
    }
    return false;
}

/// Returns 0 if everything that reads works and everything that writes is refused.
int first_fault(const WrittenRecord& record, const fs::path& name) {
    const auto storage = record.open_to_read(name);
    if (!storage->read_only()) return 1;
    if (storage->list({}).requests.size() != 1) return 2;
    if (storage->audit({}).entries.size() != 1) return 3;
    if (!storage->verify_audit().intact() || storage->verify_audit().entries != 1) return 4;
    if (storage->find(record.request.id)->status != ApprovalStatus::pending) return 5;
    if (storage->sweep() != 0 || !web::RecordHealth(*storage, *record.clock).is_good()) return 6;
    for (const std::function<void()>& write : std::initializer_list<std::function<void()>>{
             [&] { static_cast<void>(storage->decide(decision_on(record.request, Verdict::approve))); },
             [&] { storage->submit(record.request); },
             [&] {
                 static_cast<void>(storage->record_intent({"t", "{}", "{}", "auto"}));
             }}) {
        if (!is_refused_as_read_only(write)) return 7;
    }
    return is_refused_as_read_only([&] { static_cast<void>(record.open(name)); }) ? 0 : 8;
}

}  // namespace

TEST_CASE("H70 a record on a file system that is mounted read-only is read there, and nothing else") {
    const WrittenRecord record;
    SECTION("with a rollback journal") {}
    SECTION("with a write-ahead log") {
        record.shell("PRAGMA journal_mode = WAL");
    }
    SECTION("with nothing beside it") {
        for (const char* suffix : {"-bell", "-journal", "-wal", "-shm"})
            fs::remove(record.path.string() + suffix);
    }
    const auto before = record.folder();
    CHECK(in_child([&] {
              enter_private_mounts();
              mount_again(record.directory.path(), record.directory.path(), MS_RDONLY);
              return first_fault(record, record.path);
          }) == 0);
    CHECK(record.folder() == before);
}

TEST_CASE("H70 entries that stand in a write-ahead log are read, or it is said that they cannot be") {
    const WrittenRecord record;
    const TemporaryDirectory copy;
    {
        auto writer = as_other_program(record.path);
        writer.exec("PRAGMA journal_mode = WAL");
        writer.exec("UPDATE approval_requests SET metadata = '{\"late\":true}'");
        for (const char* suffix : {"", "-wal", "-shm"})
            fs::copy_file(record.path.string() + suffix, copy / ("a.db" + std::string(suffix)));
    }
    SECTION("with the index of the log") {
        CHECK(in_child([&] {
                  enter_private_mounts();
                  mount_again(copy.path(), copy.path(), MS_RDONLY);
                  return static_cast<int>(
                      record.open_to_read(copy / "a.db")->find(record.request.id)->metadata.contains("late"));
              }) == 1);
    }
    SECTION("without it") {
        fs::remove(copy / "a.db-shm");
        CHECK(in_child([&] {
                  enter_private_mounts();
                  mount_again(copy.path(), copy.path(), MS_RDONLY);
                  try {
                      static_cast<void>(record.open_to_read(copy / "a.db"));
                      return 0;
                  } catch (const StorageError& error) {
                      return static_cast<int>(std::string(error.what()).find("a.db-wal") != std::string::npos);
                  }
              }) == 1);
    }
}

TEST_CASE("H70 a log that its last writer is about to remove keeps nobody from reading") {
    if (::geteuid() != 0) return;  // only root can become others
    const WrittenRecord record;
    record.shell("PRAGMA journal_mode = WAL");
    REQUIRE(::chmod(record.directory.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(record.path.c_str(), 0644) == 0);
    const fs::path log = record.path.string() + "-wal";
    std::ofstream(log) << "what was moved into the database already";
    ForkedChild reader([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        report();
        static_cast<void>(record.open_to_read(record.path)->list({}));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds{50});  // most often the reader has met the log by then
    fs::remove(log);
    CHECK(reader.wait() == 0);
}

TEST_CASE("H70 a user who may only read the record reads it, also while others write") {
    if (::geteuid() != 0) return;  // only root can become others
    const bool has_log = GENERATE(false, true);
    CAPTURE(has_log);
    const WrittenRecord record;
    if (has_log) record.shell("PRAGMA journal_mode = WAL");
    REQUIRE(::chmod(record.directory.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(record.path.c_str(), 0644) == 0);
    const ForkedChild reader([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        report(first_fault(record, record.path));
    });
    CHECK(reader.reported() == 0);
    ForkedChild follower([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        const auto storage = record.open_to_read(record.path);
        static_cast<void>(storage->list({}));
        report();
        const auto is_rejected = [&] {
            try {
                return storage->find(record.request.id)->status == ApprovalStatus::rejected;
            } catch (const StorageError& error) {
                if (error.code() != ErrorCode::storage_busy) throw;
                return false;
            }
        };
        if (!eventually(is_rejected)) throw std::runtime_error("it was not seen");
    });
    record.shell("UPDATE approval_requests SET status = 'rejected'");
    CHECK(follower.wait() == 0);
}

TEST_CASE("H70 who may only read keeps its locks though its program opens and closes the file") {
    if (::geteuid() != 0) return;  // only root can become others
    const WrittenRecord record;
    record.shell("PRAGMA journal_mode = WAL");
    REQUIRE(::chmod(record.directory.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(record.path.c_str(), 0644) == 0);
    auto writer = as_other_program(record.path);
    writer.exec("UPDATE approval_requests SET metadata = '{\"late\":true}'");
    const ForkedChild reader([&](const ForkedChild::Report& report) {
        OtherUser{5001, 5001}.become();
        const auto storage = record.open_to_read(record.path);
        const bool is_current = storage->find(record.request.id)->metadata.contains("late");
        static_cast<void>(std::ifstream(record.path, std::ios::binary).get());
        static_cast<void>(record.open_to_read(record.path)->list({}));
        report(is_current ? 1 : 0);
        ForkedChild::linger();
    });
    CHECK(reader.reported() == 1);
    writer.setBusyTimeout(0);
    CHECK_THROWS_WITH(writer.exec("PRAGMA journal_mode = DELETE"), "database is locked");
}

TEST_CASE("H70 a journal that was left in the middle of a write is not passed over by who can only read") {
    const WrittenRecord record;
    std::string journal("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\x02\0\0\0\x10\0", 28);
    journal.resize(512);
    std::ofstream(record.path.string() + "-journal", std::ios::binary) << journal;
    CHECK(in_child([&] {
              enter_private_mounts();
              mount_again(record.directory.path(), record.directory.path(), MS_RDONLY);
              try {
                  static_cast<void>(record.open_to_read(record.path)->list({}));
                  return 0;
              } catch (const StorageError& error) {
                  return static_cast<int>(std::string(error.what()).find("a write that was cut off") !=
                                          std::string::npos);
              }
          }) == 1);
}

TEST_CASE("H70 a record that can be written is written by who would also only read") {
    const WrittenRecord record;
    const auto storage = record.open_to_read(record.path);
    CHECK_FALSE(storage->read_only());
    static_cast<void>(storage->sweep());  // the storage's own sweep may have come before
    CHECK(storage->find(record.request.id)->status == ApprovalStatus::timeout);
}
