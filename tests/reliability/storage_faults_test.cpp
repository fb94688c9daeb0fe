#include "fault_scenarios.hpp"
#include "faulty_disk.hpp"
#include "support/other_program.hpp"
#include "thoroughness.hpp"

#include <SQLiteCpp/Database.h>

using namespace approvekit;
using namespace approvekit::testing;
using std::chrono::milliseconds;

namespace {

/// Fails every operation in turn, in each of the possible ways.
void fail_everywhere(const Scenario& scenario) {
    const int result = GENERATE(SQLITE_IOERR, SQLITE_FULL, SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_NOMEM);
    const bool lasting = GENERATE(false, true);
    // Where it fails matters more than how, so the suite tries one way everywhere and samples of the others.
    const int step = distance(is_sanitized ? 29 : result == SQLITE_IOERR ? 1 : 7);
    FaultyDisk disk;
    Trouble trouble;
    trouble.lasting = lasting;
    if (lasting && result == SQLITE_BUSY) trouble.patience = milliseconds{2};
    // A connection that read garbage as if it were the file must not be trusted again.
    trouble.passes = !lasting || result == SQLITE_IOERR || result == SQLITE_FULL;
    trouble.end = [&] { return disk.disarm(); };
    trouble.stay = [&] { disk.arm({.nth = 1, .result = result, .lasting = true}); };
    int nth = 1 + result % step;
    do {
        trouble.text =
            "operation " + std::to_string(nth) + ": " + sqlite3_errstr(result) + (lasting ? ", for good" : "");
        trouble.begin = [&, nth] { disk.arm({.nth = nth, .result = result, .lasting = lasting}); };
        nth += step;
    } while (survives(scenario, trouble));
    CHECK(nth > 10);  // with a write-ahead log an allowed call takes fewer than twenty
}

}  // namespace

TEST_CASE("G4 G13 H35 every n-th operation of the disk fails under a held call") {
    fail_everywhere(held);
}

TEST_CASE("G4 G13 H35 every n-th operation of the disk fails under a call that the policy allows") {
    fail_everywhere(allowed);
}

TEST_CASE("G4 G13 H35 every n-th operation of the disk fails while the file is made and opened") {
    fail_everywhere(opening);
}

namespace {

/// Tries both ways to a run: nothing may start, and the error says why.
void nothing_starts(Parties& parties, ErrorCode reason) {
    const auto is_reason = [&](const std::function<void()>& call) {
        try {
            call();
        } catch (const StorageError& error) {
            return error.code() == reason;
        }
        return false;
    };
    CHECK(is_reason([&] { static_cast<void>(parties.kit->admit("look", arguments_of("first"))); }));
    CHECK(is_reason([&] { static_cast<void>(parties.kit->admit("send", arguments_of("second"))); }));
}

struct OpenParties {
    OpenParties() { parties.open(); }

    TemporaryDirectory directory;
    Site site{directory.path()};
    Parties parties{site, milliseconds{300}};
};

}  // namespace

TEST_CASE("G4 H32 on a disk that is full or cannot be written any more, neither a held nor an allowed call starts") {
    const auto [result, reason] = GENERATE(std::pair(SQLITE_FULL, ErrorCode::storage_full),
                                           std::pair(SQLITE_READONLY, ErrorCode::storage_read_only),
                                           std::pair(SQLITE_IOERR_WRITE, ErrorCode::storage_io));
    FaultyDisk disk;
    OpenParties it;
    disk.arm({.result = result, .lasting = true, .only_writes = true});
    nothing_starts(it.parties, reason);
    CHECK(disk.disarm());
    it.parties.send("third");
    CHECK(it.site.effects.read() == std::map<std::string, int>{{"third", 1}});
}

TEST_CASE("G4 H32 in a locked database neither a held nor an allowed call starts") {
    OpenParties it;
    SQLite::Database other = as_other_program(it.site.database);
    other.exec("BEGIN EXCLUSIVE");
    nothing_starts(it.parties, ErrorCode::storage_busy);
    other.exec("COMMIT");
    it.parties.send("third");
    CHECK(it.site.effects.read() == std::map<std::string, int>{{"third", 1}});
}

TEST_CASE("H71 a durable call costs one sync, and a relaxed one none") {
    FaultyDisk disk;
    const TemporaryDirectory directory;
    const auto syncs_of_ten_calls = [&](const char* name, Durability durability) {
        SqliteStorage::Options options;
        options.durability = durability;
        SqliteStorage storage(directory / name, options);
        const Intent intent{.tool_name = "look", .tool_args = "{}", .metadata = "{}", .notes = "allowed"};
        static_cast<void>(storage.record_intent(intent));  // the first one also opens a session
        const int before = disk.syncs();
        for (int call = 0; call < 10; ++call)
            static_cast<void>(storage.record_intent(intent));
        return disk.syncs() - before;
    };
    CHECK(syncs_of_ten_calls("durable.db", Durability::full) == 10);
    CHECK(syncs_of_ten_calls("relaxed.db", Durability::relaxed) == 0);
}
