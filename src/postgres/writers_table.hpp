#pragma once

#include "postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_writers: one row for each storage that writes. It shows whether the storage is alive, and which
/// of its transactions was committed last. A transaction locks this row first.
class WritersTable {
public:
    /// For the writer with that name.
    WritersTable(Connection& connection, std::string writer) : connection_(connection), writer_(std::move(writer)) {}

    /// Says that the writer is alive, and that this transaction, if it is committed, is `commit`.
    [[nodiscard]] Statement note(const std::string& commit) const;
    /// Whether `commit` was committed. Waits until no other transaction of the writer can be committed any more.
    [[nodiscard]] bool was_committed(const std::string& commit);
    void beat();
    /// From now on the row shows whether that session is alive, even if it is removed and created again in the
    /// meantime.
    void bind(std::int64_t session);
    /// The session's lock is held, on the server since its last start.
    void note_lock();
    void remove();

    /// Whether the agent of the session is gone. Its heartbeat expires after 30 seconds. If the session had a lock
    /// since the server started, and the lock is free now, the agent is gone after two missed heartbeats: a connection
    /// may break, and is made again within that time.
    [[nodiscard]] static bool is_gone(Connection& connection, std::int64_t session);
    /// Returns the open sessions whose agents are gone, except `own`.
    [[nodiscard]] static std::vector<std::int64_t> gone(Connection& connection, std::int64_t own);
    /// Removes rows that were not updated for a day and belong to no open session.
    static void forget_old(Connection& connection);

private:
    Connection& connection_;
    std::string writer_;
    std::optional<std::int64_t> session_;
};

}  // namespace approvekit::postgres
