#pragma once

#include "postgres/connection.hpp"

#include <cstdint>
#include <string>

namespace approvekit::postgres {

/// The version that this release creates and needs.
inline constexpr std::int64_t schema_version = 2;

/// Returns the version of the record in the database; 0 if there is none. Throws StorageError (foreign_database) if the
/// schema `approvekit` belongs to another program.
[[nodiscard]] std::int64_t version_of(Connection& connection);

/// Throws StorageError if there is no record of this version: missing_database, newer_database, or storage_read_only
/// for an older one. Each message says what to do.
void check_schema(Connection& connection);

/// Creates the record with that number of lanes, in one transaction. Throws if there is one already.
void create_schema(Connection& connection, int lanes);

/// Upgrades an older record in one transaction, and returns its previous version. Also adds what a record of this
/// version lacks that an earlier build made.
std::int64_t upgrade_schema(Connection& connection);

/// Returns SQL statements that let a role use the record without being able to change its schema.
[[nodiscard]] std::string grants_for(const std::string& role);

}  // namespace approvekit::postgres
