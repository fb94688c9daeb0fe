#pragma once

#include "postgres/connection.hpp"

#include <cstdint>
#include <string>

namespace approvekit::postgres {

/// The version that this release makes and needs.
inline constexpr std::int64_t schema_version = 2;

/// The version of the record in the database; 0: there is none. Throws StorageError (foreign_database) where the schema
/// `approvekit` is somebody else's.
[[nodiscard]] std::int64_t version_of(Connection& connection);

/// Throws StorageError where there is no record of this version: missing_database, newer_database, or, for an older one,
/// storage_read_only, each with what to do.
void check_schema(Connection& connection);

/// Makes the record, with so many chains side by side, in one transaction. Throws where there is one.
void create_schema(Connection& connection, int lanes);

/// Brings an older record up in one transaction; returns the version that it had. One that is not older stays as it is.
std::int64_t upgrade_schema(Connection& connection);

/// What a role needs that works with the record and may not change its schema, as statements for psql.
[[nodiscard]] std::string grants_for(const std::string& role);

}  // namespace approvekit::postgres
