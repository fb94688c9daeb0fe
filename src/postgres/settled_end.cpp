#include "postgres/settled_end.hpp"

#include "approvekit/error.hpp"
#include "postgres/chain_end.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace approvekit::postgres {

namespace {

bool is_standby(Connection& connection) {
    Rows rows = connection.rows("SELECT pg_is_in_recovery()");
    return rows.next() && rows.flag(0);
}

std::int64_t last_place(Connection& connection) {
    Rows rows = connection.rows("SELECT coalesce(max(seq), 0) FROM approvekit.approvekit_audit");
    return rows.next() ? rows.integer(0) : 0;
}

/// An end that is reached when all of these transactions have ended.
struct End {
    std::int64_t place = std::numeric_limits<std::int64_t>::max();
    std::set<std::string> writers;
};

End current_end(Connection& connection) {
    End end;
    if (lanes_of(connection) == 1) return end;
    if (is_standby(connection)) {
        throw StorageError(ErrorCode::storage_read_only,
                           connection.target().place() +
                               ": a standby cannot tell how far the lanes of the audit are complete; verify and export "
                               "at the server that it follows");
    }
    // Transactions that write entries now may have lower places; those that begin later get higher places.
    end.place = last_place(connection);
    end.writers = writers_of(connection);
    return end;
}

}  // namespace

std::int64_t settled_end(Reader& reader, std::chrono::milliseconds longest_wait) {
    constexpr std::chrono::milliseconds longest_pause{50};
    const Patience patience(longest_wait);
    End end = reader.with_connection(current_end);
    for (std::chrono::milliseconds pause{1}; !end.writers.empty(); pause = std::min(2 * pause, longest_pause)) {
        if (patience.is_over()) {
            throw StorageError(ErrorCode::storage_busy, "somebody has been writing an entry for too long");
        }
        std::this_thread::sleep_for(pause);
        const std::set<std::string> still = reader.with_connection(writers_of);
        std::erase_if(end.writers, [&](const std::string& one) { return !still.contains(one); });
    }
    return end.place;
}

}  // namespace approvekit::postgres
