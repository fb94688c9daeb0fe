#include "commit_clock.hpp"

#include <sqlite3.h>

#include <string_view>

namespace approvekit::bench {
namespace {

// Variables of the file, since SQLite passes no context to a function that is registered for every connection.
thread_local Clock::time_point begun;
thread_local Clock::time_point committed;

int note(unsigned event, void*, void* statement, void*) {
    const char* const sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    const std::string_view text = sql == nullptr ? "" : sql;
    if (event == SQLITE_TRACE_STMT && text.starts_with("BEGIN")) begun = Clock::now();
    if (event == SQLITE_TRACE_PROFILE && text.starts_with("COMMIT")) committed = Clock::now();
    return 0;
}

int watch(sqlite3* handle, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, note, nullptr);
}

void (*entry_point())() {
    return reinterpret_cast<void (*)()>(watch);
}

}  // namespace

CommitClock::CommitClock() {
    sqlite3_auto_extension(entry_point());
}

CommitClock::~CommitClock() {
    sqlite3_cancel_auto_extension(entry_point());
}

Clock::time_point CommitClock::last_begin() noexcept {
    return begun;
}

Clock::time_point CommitClock::last_commit() noexcept {
    return committed;
}

}  // namespace approvekit::bench
