// What a decision costs the record: how often the row of its request is read.
#include "approvekit/reviewer.hpp"

#include "approvekit/error.hpp"
#include "approvekit/reviewer_key.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"
#include "support/scratch_database.hpp"

#include <sqlite3.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

using namespace approvekit;

namespace {

/// Counts how often the row of a request is read, with everything that belongs to it, by connections that are opened
/// from now on.
class RowReads {
public:
    RowReads() { sqlite3_auto_extension(entry_point()); }
    ~RowReads() { sqlite3_cancel_auto_extension(entry_point()); }
    RowReads(const RowReads&) = delete;
    RowReads& operator=(const RowReads&) = delete;

    /// How many reads `act` takes.
    template <typename Act>
    static int of(Act act) {
        const int before = count;
        act();
        return count - before;
    }

private:
    // Static, since SQLite passes no context to a function that is registered for every connection.
    static inline std::atomic<int> count = 0;

    static int note(unsigned, void*, void* statement, void*) {
        const char* const sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
        if (std::string_view(sql == nullptr ? "" : sql).starts_with("SELECT r.id, r.tool_name, r.tool_args")) ++count;
        return 0;
    }

    static int watch(sqlite3* handle, const char**, const sqlite3_api_routines*) {
        return sqlite3_trace_v2(handle, SQLITE_TRACE_ROW, note, nullptr);
    }

    static void (*entry_point())() { return reinterpret_cast<void (*)()>(watch); }
};

/// A reviewer on the file of an agent.
struct ReadsFixture {
    ReadsFixture() {
        agent.submit(one);
        agent.submit(other);
    }

    ScratchDatabase file;
    SystemClock clock;
    RowReads reads;
    SqliteStorage agent{file.path};
    ApprovalRequest one = held_request(clock);
    ApprovalRequest other = held_request(clock);
    Reviewer reviewer{std::make_shared<SqliteStorage>(file.path), "ana", "web"};
};

}  // namespace

TEST_CASE("a decision reads the row of its request once, within its transaction") {
    ReadsFixture fixture;
    CHECK(fixture.reads.of([&] { fixture.reviewer.approve(fixture.one.id, {.seen = fixture.one.view_digest}); }) == 1);
    CHECK(fixture.reads.of([&] { fixture.reviewer.reject(fixture.other.id.substr(0, 30)); }) == 1);
}

TEST_CASE("a signed decision reads it once more, for what is signed") {
    ReadsFixture fixture;
    fixture.reviewer.sign_with(std::make_shared<ReviewerKey>(ReviewerKey::generate("ana")));
    CHECK(fixture.reads.of([&] { fixture.reviewer.approve(fixture.one.id, {.seen = fixture.one.view_digest}); }) == 2);
}

TEST_CASE("who looks at a request reads its row once") {
    ReadsFixture fixture;
    CHECK(fixture.reads.of([&] { static_cast<void>(fixture.reviewer.find(fixture.one.id)); }) == 1);
    CHECK(fixture.reads.of([&] { static_cast<void>(fixture.reviewer.find(fixture.one.id.substr(0, 30))); }) == 1);
}
