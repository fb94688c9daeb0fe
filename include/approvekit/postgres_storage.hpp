#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/record_storage.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace approvekit {

/// The record in a PostgreSQL database that processes on many hosts share. Needs the target approvekit::postgres, and a
/// server of version 13 or later.
///
/// Owns three connections, opened as they are needed, and one thread, which listens for changes, shows that this process
/// lives, and writes what finish() left. A handle must not cross fork(): every call in a child throws storage_forked.
///
/// Where a connection is lost it is made again, and what was under way is done again where it did not happen. No error and
/// no log shows a password.
class PostgresStorage final : public RecordStorage {
public:
    struct Options {
        /// How long a call waits for other writers, or for the server, before it throws storage_busy or storage_io.
        std::chrono::milliseconds busy_timeout{5000};
        /// How often to look for changes that no notification told of. Signs of life and sweeps do not depend on it.
        std::chrono::milliseconds poll_interval{1000};
        /// Instead of the server's clock and this machine's time since boot, for tests; null: those.
        std::shared_ptr<const Clock> clock = nullptr;
        /// Told once, on the storage's own thread, when a pooler in transaction mode stands between, which makes changes
        /// and dead agents be noticed later. Must not throw. Empty: nobody is told.
        std::function<void(const std::string&)> on_notice = {};
    };

    /// Opens a record that create() has made. `connection` is a connection string of libpq, as
    /// "postgresql://host/database" or "service=approvals"; what it leaves out comes from the environment (PGHOST,
    /// PGPASSWORD, a password file) as libpq does it.
    ///
    /// Throws Error (invalid_option) for what is none, and StorageError: storage_io where the server cannot be reached,
    /// storage_refused where it does not let this role in, missing_database where it has no such database or no record, foreign_database, newer_database, storage_read_only for a record of an
    /// older release.
    explicit PostgresStorage(const std::string& connection);
    PostgresStorage(const std::string& connection, Options options);

    /// Flushes, ends this agent's pending requests, and closes.
    ~PostgresStorage() override;

    PostgresStorage(const PostgresStorage&) = delete;
    PostgresStorage& operator=(const PostgresStorage&) = delete;

    /// Makes a record in the schema `approvekit` of the database, for the role that may change it. Throws as the
    /// constructor; foreign_database where there is one.
    ///
    /// `lanes`: with several, the audit is that many chains side by side, so that transactions of several processes do not
    /// wait for each other's commit; such a record is neither copied nor archived yet. Throws Error (invalid_option) for
    /// less than 1 or more than 64.
    static void create(const std::string& connection, int lanes = 1);
    /// Brings a record of an older release up. Returns the version of its schema before.
    static std::int64_t upgrade(const std::string& connection);
    /// The statements that let `role` work with the record without changing its schema.
    [[nodiscard]] static std::string grants_for(const std::string& role);

    /// Names the database, without user and password.
    [[nodiscard]] const std::string& place() const noexcept;

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() override;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
