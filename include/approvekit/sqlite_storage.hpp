#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/record_storage.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

namespace approvekit {

/// What happens when the database file is missing, or empty: a record is made, or nothing is written.
enum class Missing { create, refuse };

/// What a storage is opened for.
enum class Access {
    write,  ///< a record that cannot be written is refused
    read    ///< reading will do: a record that cannot be written, or that an older release made, is opened as it is
};

/// How hard a commit holds on to what it wrote.
enum class Durability {
    full,    ///< survives the loss of power
    relaxed  ///< survives the death of the process; of commits since the last sync, power may take the latest ones, and
             ///< never makes an earlier one go while a later one stays. A shared file with a rollback journal, and any
    ///< file on a network file system, syncs each commit all the same, and so does any for a start with a key or
    ///< under a limit.
};

/// Who writes the file besides ApproveKit for C++.
enum class Sharing {
    closed,  ///< nobody: a write of any other program is refused with a sentence
    open  ///< other programs too, such as the Python package and the sqlite3 shell; a durable commit costs more syncs
};

/// The record in one SQLite file that several processes share.
///
/// Owns the file handle, the bell file beside it ("<file>-bell") and one thread, which watches for changes and
/// writes what finish() left. A handle must not cross fork(): every call in a child throws storage_forked.
///
/// Any part of the process may open and close the file, as a tool that reads it does: our locks stay. SQLite connections
/// that the program itself opens on the file in this process have no such locks; use the storage instead. A storage that
/// is closed takes none of theirs with it: two descriptors of each of its connections are kept for the next storage on
/// the file, up to 64 in a process, and closed when the file is removed and another one opened.
class SqliteStorage final : public RecordStorage {
public:
    struct Options {
        Missing missing = Missing::create;
        Access access = Access::write;
        Durability durability = Durability::full;
        /// What the file becomes. When empty, it stays what it is: a new one is closed, one of the Python package or of
        /// a release before this option is open. A closed file in use throws storage_busy when it is to be opened.
        std::optional<Sharing> sharing;
        /// How long a write waits for other writers before it throws storage_busy.
        std::chrono::milliseconds busy_timeout{5000};
        /// How often to look where the file system notifies nothing. Signs of life and sweeps do not depend on it.
        std::chrono::milliseconds poll_interval{500};
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Opens the database, creating it with mode 0600 when it is missing, and adopts one of the Python package.
    ///
    /// Throws StorageError by name for what is not ours to open: not_a_database, foreign_database (another program's
    /// tables, added triggers or views), newer_database, unsafe_path (a symbolic or a hard link, a file that is mounted
    /// without its folder, a journal or a bell that somebody else put beside it), missing_database, storage_read_only.
    /// The file is left untouched then.
    ///
    /// A record of an older release is brought up, after a backup beside it; storage_busy while it is in use.
    ///
    /// With Access::read, a record that cannot be written, as on a file system that is mounted read-only, and one of an
    /// older release, is read without making or changing anything: list, find, audit, verify_audit and subscribe work,
    /// sweep ends nothing, and everything else throws storage_read_only.
    explicit SqliteStorage(const std::filesystem::path& path);
    SqliteStorage(const std::filesystem::path& path, Options options);

    /// Flushes, ends this agent's pending requests, and closes.
    ~SqliteStorage() override;

    SqliteStorage(const SqliteStorage&) = delete;
    SqliteStorage& operator=(const SqliteStorage&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept;
    /// Whether the record can only be read: see Access::read.
    [[nodiscard]] bool read_only() const noexcept;
    /// Whether this very constructor made the file.
    [[nodiscard]] bool created() const noexcept;

private:
    class Implementation;

    [[nodiscard]] record::OpenRecord& opened() override;

    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit
