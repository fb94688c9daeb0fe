#pragma once

#include "postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// The table approvekit_writers: one row for each storage that writes, by which its life is seen, and which of its
/// transactions was committed last. Its row is the first that a transaction locks.
class WritersTable {
public:
    /// For the writer with that name.
    WritersTable(Connection& connection, std::string writer) : connection_(connection), writer_(std::move(writer)) {}

    /// Says that it lives, and that this transaction, if it is committed, is `commit`.
    [[nodiscard]] Statement note(const std::string& commit) const;
    /// Whether `commit` was committed, once no other transaction of the writer can be any more: waits for it.
    [[nodiscard]] bool was_committed(const std::string& commit);
    void beat();
    /// From now on the row tells of the life of that session, also where it was removed meanwhile and is made again.
    void bind(std::int64_t session);
    /// The session's lock is held, on the server as it runs now.
    void note_lock();
    void remove();

    /// Whether the agent of the session is gone. Its heartbeat is void after 30 seconds. Where it has a lock, and that is
    /// free while the server has run on, one that missed two heartbeats is gone: a connection may break, and is made again
    /// within that time.
    [[nodiscard]] static bool is_gone(Connection& connection, std::int64_t session);
    /// The open sessions, but for `own`, whose agents are gone.
    [[nodiscard]] static std::vector<std::int64_t> gone(Connection& connection, std::int64_t own);
    /// Removes the rows that tell of nobody any more.
    static void forget_old(Connection& connection);

private:
    Connection& connection_;
    std::string writer_;
    std::optional<std::int64_t> session_;
};

}  // namespace approvekit::postgres
