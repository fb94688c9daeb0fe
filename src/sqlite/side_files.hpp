#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// What SQLite keeps beside a database. It believes what it finds there, and writes it into the database.
inline constexpr std::array<std::string_view, 3> journal_suffixes{"-journal", "-wal", "-shm"};

[[nodiscard]] std::filesystem::path side_file(const std::filesystem::path& database, std::string_view suffix);

/// The owner and the permissions of a file, by its name alone: opening it could drop locks on it when it is closed.
/// Nothing when there is none; throws StorageError (storage_io) when that cannot be told.
[[nodiscard]] std::optional<struct stat> describe(const std::filesystem::path& file);

/// Why a file beside the database is not to be used; nothing when it is.
///
/// It must be a regular file under one name, not writable for everybody unless the database is, and put there by
/// somebody who may write the database: its owner, root, ourselves; or where a group shares the database, a member of
/// it, which is certain when the file is the group's and nobody outside the group may write into the `folder`.
[[nodiscard]] std::optional<std::string> objection_to(const struct stat& side, const struct stat& database,
                                                      const struct stat& folder);

/// Throws StorageError (unsafe_path) for what objection_to() objects to.
void check_side_file(const std::filesystem::path& file, const struct stat& side, const std::filesystem::path& database);

/// Gives a file of ours the group and the permissions of the database, as far as that is ours to do.
void share_like(const struct stat& database, int file) noexcept;

/// Checks what SQLite would find beside the database, before it looks. Files of ours get the database's group and
/// permissions. An empty journal is made where a group shares the database, and where strangers may make files in the
/// folder, who then cannot put theirs there.
///
/// Throws StorageError: unsafe_path, storage_io.
void check_journals(const std::filesystem::path& database);

/// Reads a database with a write-ahead log that nobody has open, where we may make no file beside it.
///
/// SQLite wants an index of the log there to read at all, unless it is told that the file never changes. So it is told
/// that, and what was read counts only if the file and what stands beside it are still as they were: no writer of such
/// a database changes the file before its log and its index stand there.
class UnlockedReading {
public:
    /// Nothing where SQLite can read with its own locks: for any other database, and where the index is there.
    ///
    /// Throws StorageError (storage_read_only) when the log holds, and goes on holding for two seconds, entries that
    /// cannot be read so, and (unsafe_path, storage_io) what check_side_file() throws.
    [[nodiscard]] static std::optional<UnlockedReading> where_needed(const std::filesystem::path& database);

    [[nodiscard]] bool is_unchanged() const;

private:
    /// The database and its journals; nothing for one that is not there.
    using State = std::array<std::optional<struct stat>, 4>;

    explicit UnlockedReading(std::filesystem::path database, const State& state);
    [[nodiscard]] static State state_of(const std::filesystem::path& database);
    [[nodiscard]] static State settled_state_of(const std::filesystem::path& database);

    std::filesystem::path database_;
    State state_;
};

}  // namespace approvekit::sqlite
