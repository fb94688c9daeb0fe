#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// The files that SQLite keeps beside a database. It trusts their content, and writes it into the database.
inline constexpr std::array<std::string_view, 3> journal_suffixes{"-journal", "-wal", "-shm"};

[[nodiscard]] std::filesystem::path side_file(const std::filesystem::path& database, std::string_view suffix);

/// Returns the owner and the permissions of a file, by its name only: if it were opened, closing it could drop locks on
/// it. Returns nothing if there is no file. Throws StorageError (storage_io) if that cannot be known.
[[nodiscard]] std::optional<struct stat> describe(const std::filesystem::path& file);

/// Returns why a file beside the database must not be used, or nothing if it may be.
///
/// It must be a regular file with exactly one name, not writable for everybody unless the database is, and put there by
/// somebody who may write the database: its owner, root or ourselves. If a group shares the database, a member of the
/// group may also have put it there. That is certain if the file belongs to the group and nobody outside the group may
/// write into the `folder`.
[[nodiscard]] std::optional<std::string> objection_to(const struct stat& side, const struct stat& database,
                                                      const struct stat& folder);

/// Throws StorageError (unsafe_path) if objection_to() has an objection.
void check_side_file(const std::filesystem::path& file, const struct stat& side, const std::filesystem::path& database);

/// Gives a file of ours the group and the permissions of the database, as far as we may.
void share_like(const struct stat& database, int file) noexcept;

/// Checks the files that SQLite would find beside the database, before it looks. Files of ours get the database's group
/// and permissions. Creates an empty journal if a group shares the database, or if strangers may create files in the
/// folder; then they cannot put their own journal there.
///
/// Throws StorageError: unsafe_path, storage_io.
void check_journals(const std::filesystem::path& database);

/// Reads a database with a write-ahead log that nobody has open, if we may not create files beside it.
///
/// SQLite can read only if an index of the log is there, unless it is told that the file never changes. So it is told
/// that. What was read counts only if the file and the files beside it are still unchanged: no writer of such a
/// database changes the file before its log and its index exist.
class UnlockedReading {
public:
    /// Returns nothing if SQLite can read with its own locks: for any other database, and if the index exists.
    ///
    /// Throws StorageError (storage_read_only) if the log has entries, and still has them after two seconds, that
    /// cannot be read like this. Throws (unsafe_path, storage_io) as check_side_file() does.
    [[nodiscard]] static std::optional<UnlockedReading> where_needed(const std::filesystem::path& database);

    [[nodiscard]] bool is_unchanged() const;

private:
    /// The database and its journals; nothing for a file that does not exist.
    using State = std::array<std::optional<struct stat>, 4>;

    explicit UnlockedReading(std::filesystem::path database, const State& state);
    [[nodiscard]] static State state_of(const std::filesystem::path& database);
    [[nodiscard]] static State settled_state_of(const std::filesystem::path& database);

    std::filesystem::path database_;
    State state_;
};

}  // namespace approvekit::sqlite
