#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/record_storage.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace approvekit {

/// A record in a PostgreSQL database, shared by processes on many hosts. Needs the target approvekit::postgres and a
/// server of version 13 or later.
///
/// Owns three connections, opened when needed, and one thread. The thread listens for changes, shows that this process
/// is alive, and writes what finish() has queued. Do not use it across fork(): every call in the child throws
/// storage_forked.
///
/// With several lanes, verify_audit(), archive() and an audit() that is `settled` wait for transactions that are
/// writing entries: at most twice busy_timeout plus 90 seconds, and then they throw storage_busy. On a standby they
/// throw storage_read_only, since a standby cannot tell who is writing; all other reading works there.
///
/// A lost connection is opened again. An operation that was interrupted is repeated if it did not take effect. No error
/// and no log message shows a password.
class PostgresStorage final : public RecordStorage {
public:
    struct Options {
        /// How long a call waits for other writers or for the server before it throws storage_busy or storage_io.
        std::chrono::milliseconds busy_timeout{5000};
        /// How often to poll for changes that no notification reported. Heartbeats and sweeps do not depend on it.
        std::chrono::milliseconds poll_interval{1000};
        /// For tests: replaces the server's clock and this machine's time since boot. Null: use those.
        std::shared_ptr<const Clock> clock = nullptr;
        /// Called once, on the storage's own thread, if there is a pooler in transaction mode between this process and
        /// the server: changes and dead agents are then noticed later. Must not throw. Empty: nobody is told.
        std::function<void(const std::string&)> on_notice = {};
    };

    /// Opens a record that create() has made. `connection` is a libpq connection string, such as
    /// "postgresql://host/database" or "service=approvals". What it leaves out comes from the environment (PGHOST,
    /// PGPASSWORD, a password file), as usual with libpq.
    ///
    /// Throws Error (invalid_option) for an invalid connection string. Throws StorageError: storage_io when the server
    /// cannot be reached, storage_refused when it does not let this role in, missing_database when it has no such
    /// database or the database has no record, foreign_database, newer_database, and storage_read_only for a record of
    /// an older release.
    explicit PostgresStorage(const std::string& connection);
    PostgresStorage(const std::string& connection, Options options);

    /// Flushes, ends this agent's pending requests and closes the connections.
    ~PostgresStorage() override;

    PostgresStorage(const PostgresStorage&) = delete;
    PostgresStorage& operator=(const PostgresStorage&) = delete;

    /// Creates a record in the schema `approvekit` of the database. Connect as the role that may change the schema; it
    /// will own the record. Throws as the constructor, and foreign_database when there already is a record.
    ///
    /// `lanes`: the number of parallel chains in the audit. That many transactions do not wait for each other's commit.
    /// With 1, the places of entries have no gaps, and a standby can verify and export them. Throws Error
    /// (invalid_option) for less than 1 or more than 64.
    static void create(const std::string& connection, int lanes = 8);
    /// Upgrades a record of an older release or build. Returns the previous version of its schema. Grant the rights
    /// that grants_for() returns again afterwards.
    static std::int64_t upgrade(const std::string& connection);
    /// Returns the SQL statements that let `role` use the record without being able to change its schema.
    [[nodiscard]] static std::string grants_for(const std::string& role);

    /// The name of the database, without user and password.
    [[nodiscard]] const std::string& place() const noexcept;

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() override;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
