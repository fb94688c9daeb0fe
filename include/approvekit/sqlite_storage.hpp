#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/record_storage.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

namespace approvekit {

/// What happens when the database file is missing or empty: a record is created, or opening fails and nothing is
/// written.
enum class Missing { create, refuse };

/// How a storage is opened.
enum class Access {
    write,  ///< a record that cannot be written is refused
    read    ///< for reading: a record that cannot be written, or of an older release, is opened as it is
};

/// What a commit survives.
enum class Durability {
    full,  ///< a power loss
    /// The death of the process. A power loss may take the latest commits since the last sync, but never an earlier one
    /// while a later one stays. Each commit is synced all the same in a shared file with a rollback journal, in any
    /// file on a network file system, and for the start of a call with an idempotency key or under a limit.
    relaxed
};

/// Which programs besides ApproveKit for C++ write the file.
enum class Sharing {
    closed,  ///< none: a write by any other program fails with an explanation
    open     ///< others too, such as the Python package and the sqlite3 shell; a durable commit needs more syncs
};

/// A record in one SQLite file, shared by several processes.
///
/// Owns the file handle, the bell file beside the database ("<file>-bell") and one thread. The thread watches for
/// changes and writes what finish() has queued. Do not use it across fork(): every call in the child throws
/// storage_forked.
///
/// Other code in the process may open and close the file, for instance to read it; the storage's locks stay. SQLite
/// connections that the program itself opens on the file in this process do not have this protection; use the storage
/// instead. Closing a storage does not release the locks of such connections: for each of its own connections, two
/// descriptors are kept for the next storage on the file. At most 64 are kept in a process; they are closed when the
/// file is removed and another one is opened.
class SqliteStorage final : public RecordStorage {
public:
    struct Options {
        Missing missing = Missing::create;
        Access access = Access::write;
        Durability durability = Durability::full;
        /// The file is changed to this. When empty, it stays as it is: a new file is closed; a file of the Python
        /// package, or of a release before this option, is open. Changing a closed file to open while it is in use
        /// throws storage_busy.
        std::optional<Sharing> sharing;
        /// How long a write waits for other writers before it throws storage_busy.
        std::chrono::milliseconds busy_timeout{5000};
        /// How often to poll when the file system sends no notifications. Heartbeats and sweeps do not depend on it.
        std::chrono::milliseconds poll_interval{500};
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Opens the database. Creates it with mode 0600 when it is missing, and adopts one of the Python package.
    ///
    /// Throws StorageError: not_a_database, foreign_database (another program's tables, added triggers or views),
    /// newer_database, unsafe_path (a symbolic or a hard link, a file that is mounted without its folder, a journal or
    /// a bell file that somebody else put beside it), missing_database, storage_read_only. The file is left untouched
    /// then.
    ///
    /// Upgrades a record of an older release after making a backup beside it. Throws storage_busy while that record is
    /// in use.
    ///
    /// With Access::read, a record that cannot be written (as on a read-only file system) or of an older release is
    /// opened without creating or changing anything. Then everything that only reads works, sweep ends nothing, and
    /// whatever writes throws storage_read_only.
    explicit SqliteStorage(const std::filesystem::path& path);
    SqliteStorage(const std::filesystem::path& path, Options options);

    /// Flushes, ends this agent's pending requests and closes the file.
    ~SqliteStorage() override;

    SqliteStorage(const SqliteStorage&) = delete;
    SqliteStorage& operator=(const SqliteStorage&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    /// Whether the record can only be read; see Access::read.
    [[nodiscard]] bool read_only() const noexcept;
    /// Whether this constructor created the file.
    [[nodiscard]] bool created() const noexcept;

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() override;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
