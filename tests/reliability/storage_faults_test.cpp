#include "agent_under_test.hpp"
#include "faulty_disk.hpp"
#include "record_check.hpp"
#include "thoroughness.hpp"

#include "catch.hpp"
#include "temporary_directory.hpp"

#include <SQLiteCpp/Database.h>

#include <functional>
#include <optional>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

using std::chrono::milliseconds;

/// Whether `step` got through. Whatever else than an error of ours comes out fails the test.
bool succeeds(const std::function<void()>& step) {
    try {
        step();
        return true;
    } catch (const Error&) {
        return false;
    }
}

/// An agent and a reviewer at one file.
struct Parties {
    Parties(const Site& where, milliseconds patience) : site(where) { options.busy_timeout = patience; }

    void open() {
        storage = site.open(options);
        kit.emplace(policy_under_test(), storage);
        reviewer.emplace(site.open(options), "ana", "terminal");
    }

    void act(const Json& arguments) const { site.effects.add(arguments.at("call").get<std::string>()); }

    void look(const std::string& call) {
        const auto tool = kit->guard("look", [&](const Json& arguments) { act(arguments); });
        if (!succeeds([&] { tool(arguments_of(call)); })) return;
        storage->flush();
    }

    /// Held, approved, claimed, run and recorded. A person whose click fails clicks once more.
    void send(const std::string& call) {
        const auto tool = kit->guard("send", [&](const Json& arguments) { act(arguments); });
        auto ticket = tool.submit(arguments_of(call));
        const auto approve = [&] { reviewer->approve(ticket.request_id()); };
        if (!succeeds(approve) && !succeeds(approve)) return;
        ticket.get();
        storage->flush();
    }

    const Site& site;
    SqliteStorage::Options options;
    std::shared_ptr<SqliteStorage> storage;
    std::optional<ApproveKit> kit;
    std::optional<Reviewer> reviewer;
};

struct Scenario {
    const char* name;
    std::function<void(Parties&)> prepare;
    std::function<void(Parties&)> play;
};

const Scenario held{"a held call, decided, claimed, run and finished", [](Parties& parties) { parties.open(); },
                    [](Parties& parties) { parties.send("first"); }};
const Scenario allowed{"a call that the policy allows", [](Parties& parties) { parties.open(); },
                       [](Parties& parties) { parties.look("first"); }};
const Scenario opening{"the file is made and opened", [](Parties&) {},
                       [](Parties& parties) {
                           parties.open();
                           parties.look("first");
                       }};

/// Plays a scenario on a disk that fails at the given operation; false when it never came to that.
bool survives(FaultyDisk& disk, const Scenario& scenario, const DiskFault& fault) {
    INFO(scenario.name << ", operation " << fault.nth << " fails with " << sqlite3_errstr(fault.result)
                       << (fault.lasting ? ", and all after it" : ""));
    const TemporaryDirectory directory;
    const Site site(directory.path());
    bool occurred = false;
    {
        // A lock that is never given is not worth a wait; the other writer, the agent's own thread, is.
        Parties parties(site, fault.lasting ? milliseconds{2} : milliseconds{5000});
        scenario.prepare(parties);
        disk.arm(fault);
        succeeds([&] { scenario.play(parties); });
        occurred = disk.disarm();
        if (fault.lasting) {
            disk.arm({1, fault.result, true});  // until the storages are closed
        } else if (parties.reviewer) {
            parties.send("second");
            parties.look("third");
        }
    }
    disk.disarm();
    const RecordReport report = check_record(site.database, site.effects, Agents::all_gone);
    CHECK(report.text() == "");
    if (!fault.lasting && &scenario != &opening) CHECK(site.effects.read().size() >= 2);
    return occurred;
}

/// Every operation in turn, each of the ways in which it can fail.
void fail_everywhere(const Scenario& scenario) {
    const int result = GENERATE(SQLITE_IOERR, SQLITE_FULL, SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_NOMEM);
    const bool lasting = GENERATE(false, true);
    constexpr int step = is_sanitized ? 13 : 1;
    FaultyDisk disk;
    int nth = 1 + result % step;
    while (survives(disk, scenario, {nth, result, lasting}))
        nth += step;
    CHECK(nth > 20);
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

/// Both ways to a run; nothing may start, and the error says why.
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
    SQLite::Database other(it.site.database.string(), SQLite::OPEN_READWRITE);
    other.exec("BEGIN EXCLUSIVE");
    nothing_starts(it.parties, ErrorCode::storage_busy);
    other.exec("COMMIT");
    it.parties.send("third");
    CHECK(it.site.effects.read() == std::map<std::string, int>{{"third", 1}});
}
