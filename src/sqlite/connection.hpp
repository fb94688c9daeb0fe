#pragma once

#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "sqlite/query.hpp"
#include "sqlite/side_files.hpp"

#include <SQLiteCpp/Database.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

namespace approvekit::sqlite {

class LockedFile;

/// Turns an error of SQLite into ours, by its result code.
[[nodiscard]] StorageError storage_error(const SQLite::Exception& error, const std::filesystem::path& path);

/// Runs `work`, and turns exceptions of SQLite into StorageError.
template <typename Work>
decltype(auto) translating(const std::filesystem::path& path, Work&& work) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        throw storage_error(error, path);
    }
}

/// One hardened handle on the database. Not thread-safe: each user has its own, or protects it with a mutex.
///
/// Triggers and views are off, so nothing that somebody plants in the file runs in our process.
class Connection {
public:
    struct Options {
        Durability durability = Durability::full;
        std::chrono::milliseconds busy_timeout{5000};
        bool read_only = false;
    };

    /// Opens an existing file, without reading or changing anything in it. Throws StorageError.
    Connection(const std::filesystem::path& path, Options options);

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] SQLite::Database& database() noexcept { return database_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    /// How long a write waits for other writers.
    [[nodiscard]] std::chrono::milliseconds busy_timeout() const noexcept { return options_.busy_timeout; }
    /// Null if the system has no locks of our kind.
    [[nodiscard]] LockedFile* locked_file() noexcept;

    /// Whether everything that was read since it was opened belongs to one state of the file: see UnlockedReading.
    [[nodiscard]] bool is_current() const { return !unlocked_ || unlocked_->is_unchanged(); }

    /// Throws StorageError (storage_moved) if the path does not lead to the opened file any more, or if its log or
    /// index was moved. Call it before each transaction, including reads; Transaction calls it itself.
    void expect_in_place();

    /// Chooses how hard a commit syncs, and the journal mode that is safe with this SQLite, which depends on whether
    /// other programs write the file.
    void choose_journal(Sharing sharing);

    [[nodiscard]] std::int64_t pragma(const char* name);

private:
    friend class Transaction;
    friend class FullSync;

    void harden();
    [[nodiscard]] const char* synchronous();
    void roll_back() noexcept;
    static int wait_for_others(void* self, int attempt) noexcept;

    std::filesystem::path path_;
    Options options_;
    std::optional<UnlockedReading> unlocked_;
    SQLite::Database database_;
    Query begin_{database_, "BEGIN IMMEDIATE"};
    Query commit_{database_, "COMMIT"};
    Query rollback_{database_, "ROLLBACK"};
    std::chrono::steady_clock::time_point waiting_since_{};
};

/// Whether a write-ahead log is safe with this SQLite. From 3.7.0 to 3.51.2 SQLite can lose data when two processes
/// restart the log at the same time; 3.44.6, 3.50.7 and 3.51.3 fix that.
[[nodiscard]] bool wal_is_safe(int sqlite_version) noexcept;

/// A write transaction. Rolls back unless it was committed.
///
/// It begins as IMMEDIATE, since a transaction that first reads and then writes fails at once if somebody else wrote in
/// between.
class Transaction {
public:
    explicit Transaction(Connection& connection);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Connection& connection_;
    bool open_ = true;
};

/// While this exists, a commit survives a power loss whatever Durability the connection has, and so does everything
/// that was committed before it. Create and destroy it outside of transactions. Throws StorageError.
class FullSync {
public:
    explicit FullSync(Connection& connection);
    ~FullSync();
    FullSync(const FullSync&) = delete;
    FullSync& operator=(const FullSync&) = delete;

private:
    Connection& connection_;
};

/// Held from reading who may write a file until its journal mode is chosen. Nobody can change who may write in between,
/// so nobody starts a write-ahead log that the other writers must not meet. If the system has no locks of our kind,
/// there is nothing to hold: closed files have no such log there.
class SharingLock {
public:
    /// Shares the lock with all who open the file. Waits as long as a write does, then throws StorageError
    /// (storage_busy).
    explicit SharingLock(Connection& connection);
    ~SharingLock();
    SharingLock(const SharingLock&) = delete;
    SharingLock& operator=(const SharingLock&) = delete;

    /// Takes the lock exclusively, after a moment in which it is not held. Waits and throws as the constructor does.
    void make_exclusive();

private:
    void take(bool exclusively);

    Connection& connection_;
    LockedFile* file_;
};

}  // namespace approvekit::sqlite
