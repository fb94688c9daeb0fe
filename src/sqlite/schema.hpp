#pragma once

#include "sqlite/connection.hpp"

#include "approvekit/clock.hpp"

#include <optional>

namespace approvekit::sqlite {

/// Makes sure that the database contains exactly our schema. Creates it in an empty file and adds it to a file of the
/// Python package. Leaves a file of ours unchanged, with three exceptions: it changes who may write the file if that is
/// not as `wanted`; a file that was restored from a dump gets back the marks that a dump leaves out; and a file of this
/// version gets the later parts that it lacks. Then it chooses the journal that suits who may write the file. Returns
/// false, and does nothing, if the file has an older schema.
///
/// Throws StorageError: foreign_database for any other table, index, trigger or view, newer_database for a schema of a
/// later release; the file is unchanged then. Throws storage_busy if the file is in use and must not be.
[[nodiscard]] bool ensure_schema(Connection& connection, std::optional<Sharing> wanted);

/// Whether the file is ours, and has an older schema or lacks a later part. Throws as ensure_schema().
[[nodiscard]] bool is_older(Connection& connection);

/// Upgrades a file with an older schema, in one transaction and after a backup beside it; leaves any other file
/// unchanged. The connection must not have read anything yet. Throws as ensure_schema() and require_alone(); the file
/// is unchanged then.
void bring_up(Connection& connection, Time now);

/// For a connection that only reads: throws as ensure_schema(), and storage_read_only if something would have to be
/// written.
void check_schema(Connection& connection);

/// Whether nobody has written anything into the file yet.
[[nodiscard]] bool is_blank(Connection& connection);

}  // namespace approvekit::sqlite
