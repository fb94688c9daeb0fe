#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// Reads a database with a write-ahead log that nobody has open, where we may make no file beside it.
///
/// SQLite wants an index of the log there to read at all, unless it is told that the file never changes. So it is told
/// that, and what was read counts only if the file and what stands beside it are still as they were: no writer of such
/// a database changes the file before its log and its index stand there.
class UnlockedReading {
public:
    /// Nothing where SQLite can read with its own locks: for any other database, and where the index is there.
    ///
    /// Throws StorageError (storage_read_only) when the log holds, and goes on holding for half a second, entries that
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

/// The path as the URI that SQLite takes.
[[nodiscard]] std::string file_uri(const std::filesystem::path& path);

}  // namespace approvekit::sqlite
