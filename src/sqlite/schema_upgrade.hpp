#pragma once

#include "approvekit/clock.hpp"
#include "sqlite/connection.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace approvekit::sqlite {

/// Stops using the file's write-ahead log, which works only if nobody else has the file open. If it has no such log,
/// only agents can be detected. Waits as long as a write does, and then throws StorageError (storage_busy).
void require_alone(Connection& connection, Time now);

/// Copies the file to `<file>-v<version>-backup`, replacing any file of that name, with mode 0600, and syncs it. Must
/// be called while a write transaction of another connection keeps all others from writing, and before that transaction
/// has written. Throws StorageError, which names the copy; no unfinished copy is left.
void back_up(const Connection& connection, std::int64_t version);

/// Adds what every file of version 2 has to a file of version 1. Within a write transaction.
void add_version_2(Connection& connection, Sharing sharing);

/// What a file of version 2 may lack, since version 2 did not have it from the start. A file has all tables, indexes
/// and triggers of such a part, or none.
enum class LaterPart {
    uses,      ///< counts what starts use of limits
    grants,    ///< grants and their uses
    archives,  ///< archives, and what no archive removes
    lanes      ///< the lanes of entries; only for a record that was copied from a server with several
};
inline constexpr std::array later_parts{LaterPart::uses, LaterPart::grants, LaterPart::archives, LaterPart::lanes};
/// Whether a file gets it as soon as it is opened for writing.
[[nodiscard]] constexpr bool is_in_every_file(LaterPart part) noexcept {
    return part != LaterPart::lanes;
}

/// Whether a table, an index or a trigger belongs to it.
[[nodiscard]] bool is_of(LaterPart part, std::string_view name) noexcept;

/// Adds it to a file of version 2 that lacks it. Within a write transaction.
void add_part(LaterPart part, SQLite::Database& database, Sharing sharing);

}  // namespace approvekit::sqlite
