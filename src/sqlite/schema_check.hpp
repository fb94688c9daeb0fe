#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/schema_upgrade.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace approvekit::sqlite {

/// "ApKt" as a number, in the header of every database of ours.
inline constexpr std::int64_t application_id = 0x41704b74;
inline constexpr std::int64_t schema_version = 2;

/// What a file contains before anything of ours is written into it.
struct SchemaContent {
    bool is_empty = false;
    bool is_marked = false;       ///< as ours; a file that was restored from a dump is ours but not marked
    bool is_older = false;        ///< it is ours, of an earlier version
    bool lacks_parts = false;     ///< it is ours, of this version, and lacks a part that every file gets
    std::optional<Sharing> ours;  ///< who may write it, if it is ours
};

/// Throws StorageError for a file that must not get our schema: foreign_database for any other table, index, trigger or
/// view, newer_database for a schema of a later release.
[[nodiscard]] SchemaContent look_into(Connection& connection);

/// Whether the file is marked as ours.
[[nodiscard]] bool is_ours(Connection& connection);
/// Whether the file was restored from a dump, which has every table and row, but not the marks that show whose file it
/// is.
[[nodiscard]] bool is_restored(Connection& connection);

/// For a file that is ours or was restored. A dump leaves the version out; then it follows from the tables.
[[nodiscard]] std::int64_t version_of(Connection& connection);
/// Returns the parts of version 2 that the file has nothing of.
[[nodiscard]] std::vector<LaterPart> missing_parts(Connection& connection);
/// Checks that a file of ours contains exactly our schema, and returns who may write it. Throws as look_into().
Sharing check_ours(Connection& connection);

/// Whether a file that is not ours is empty. Otherwise it must contain the Python package's two tables and nothing
/// else. Throws as look_into().
[[nodiscard]] bool check_adoptable(Connection& connection);

}  // namespace approvekit::sqlite
