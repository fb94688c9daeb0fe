#pragma once

#include "sqlite/connection.hpp"

#include "approvekit/clock.hpp"

#include <optional>

namespace approvekit::sqlite {

/// "ApKt" as a number, in the header of every database of ours.
inline constexpr std::int64_t application_id = 0x41704b74;
inline constexpr std::int64_t schema_version = 2;

/// Makes sure that the database holds exactly our schema: writes it into an empty file, adds it to a file of the Python
/// package, and leaves one of ours as it is, but for who may write it where that is `wanted`. One that was restored
/// from its dump gets back the marks that a dump leaves out, when it is ours to the letter, and one of this version that
/// counts no limits yet, or keeps no grants, the tables for that. Then chooses the journal that suits who may write it. Returns false where the
/// file has an older schema, and has done nothing then.
///
/// Throws StorageError: foreign_database for any other table, index, trigger or view, newer_database for a
/// schema of a later release. The file is untouched then. storage_busy where the file is in use and must not be.
[[nodiscard]] bool ensure_schema(Connection& connection, std::optional<Sharing> wanted);

/// Whether the file is ours and has an older schema, or not all of this one. Throws what ensure_schema() throws.
[[nodiscard]] bool is_older(Connection& connection);

/// Gives such a file this schema, in one transaction and after a backup beside it; leaves any other as it is. Over a
/// connection that has read nothing yet. Throws what ensure_schema() and require_alone() throw; the file says the same
/// then.
void bring_up(Connection& connection, Time now);

/// For a connection that only reads: throws what ensure_schema() throws, and storage_read_only for what it would write.
void check_schema(Connection& connection);

/// Whether nobody has put anything into the file yet.
[[nodiscard]] bool is_blank(Connection& connection);

}  // namespace approvekit::sqlite
