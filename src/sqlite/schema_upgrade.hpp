#pragma once

#include "approvekit/clock.hpp"
#include "sqlite/connection.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace approvekit::sqlite {

/// A table or an index, as it stands in the file.
struct SchemaObject {
    const char* type;
    const char* name;
    const char* sql;
};

/// What version 2 of the schema adds to version 1, besides triggers; the last part to no file before it is needed.
inline constexpr std::array keys_objects{
    SchemaObject{"table", "approvekit_keys",
                 "CREATE TABLE approvekit_keys(number INTEGER PRIMARY KEY, key TEXT NOT NULL, tool_name TEXT NOT NULL, "
                 "secret_id TEXT NOT NULL, commitment TEXT NOT NULL, request_id TEXT NOT NULL, entry_id TEXT NOT NULL, "
                 "session INTEGER NOT NULL, run TEXT NOT NULL, note TEXT NOT NULL DEFAULT '')"},
    SchemaObject{"index", "approvekit_keys_key", "CREATE INDEX approvekit_keys_key ON approvekit_keys(key, number)"},
    SchemaObject{"index", "approvekit_keys_request",
                 "CREATE INDEX approvekit_keys_request ON approvekit_keys(request_id) WHERE request_id <> 'auto'"},
    SchemaObject{"index", "approvekit_keys_entry",
                 "CREATE INDEX approvekit_keys_entry ON approvekit_keys(entry_id) WHERE entry_id <> ''"},
    SchemaObject{"index", "approvekit_keys_running",
                 "CREATE INDEX approvekit_keys_running ON approvekit_keys(session) WHERE run = 'running'"},
    SchemaObject{"table", "approvekit_stops",
                 "CREATE TABLE approvekit_stops(number INTEGER PRIMARY KEY, stop_id TEXT NOT NULL, tool TEXT NOT NULL, "
                 "agent TEXT NOT NULL, reason TEXT NOT NULL, reviewer TEXT NOT NULL, way TEXT NOT NULL, since TEXT NOT "
                 "NULL, ended_at TEXT, ended_by TEXT, ended_way TEXT)"},
    SchemaObject{"index", "approvekit_stops_in_force",
                 "CREATE INDEX approvekit_stops_in_force ON approvekit_stops(number) WHERE ended_at IS NULL"},
    SchemaObject{"index", "approvekit_stops_id", "CREATE INDEX approvekit_stops_id ON approvekit_stops(stop_id)"},
    SchemaObject{"table", "approvekit_votes",
                 "CREATE TABLE approvekit_votes(number INTEGER PRIMARY KEY, request_id TEXT NOT NULL, verdict TEXT NOT "
                 "NULL, reviewer TEXT NOT NULL, way TEXT NOT NULL, notes TEXT NOT NULL, voted_at TEXT NOT NULL, "
                 "view_digest TEXT NOT NULL, entry_id TEXT NOT NULL, shown TEXT NOT NULL, key_id TEXT, statement TEXT, "
                 "signature TEXT)"},
    SchemaObject{"index", "approvekit_votes_request",
                 "CREATE INDEX approvekit_votes_request ON approvekit_votes(request_id, entry_id)"},
    SchemaObject{"table", "approvekit_uses",
                 "CREATE TABLE approvekit_uses(number INTEGER PRIMARY KEY, limit_id TEXT NOT NULL, bucket TEXT NOT "
                 "NULL, start TEXT NOT NULL, at INTEGER NOT NULL, amount INTEGER NOT NULL, total INTEGER NOT NULL, "
                 "was_given_back INTEGER NOT NULL DEFAULT 0)"},
    SchemaObject{"index", "approvekit_uses_bucket",
                 "CREATE INDEX approvekit_uses_bucket ON approvekit_uses(limit_id, bucket, at, number)"},
    SchemaObject{"index", "approvekit_uses_start", "CREATE INDEX approvekit_uses_start ON approvekit_uses(start)"},
    SchemaObject{"table", "approvekit_grants",
                 "CREATE TABLE approvekit_grants(number INTEGER PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT "
                 "NOT NULL, agent TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, revoked_at TEXT, revoked_by "
                 "TEXT, revoked_way TEXT)"},
    SchemaObject{"index", "approvekit_grants_request",
                 "CREATE INDEX approvekit_grants_request ON approvekit_grants(request_id)"},
    SchemaObject{"index", "approvekit_grants_tool",
                 "CREATE INDEX approvekit_grants_tool ON approvekit_grants(tool_name, agent, until)"},
    SchemaObject{"table", "approvekit_grant_uses",
                 "CREATE TABLE approvekit_grant_uses(number INTEGER PRIMARY KEY, grant_id TEXT NOT NULL, place INTEGER "
                 "NOT NULL, start TEXT NOT NULL, at TEXT NOT NULL)"},
    SchemaObject{"index", "approvekit_grant_uses_place",
                 "CREATE INDEX approvekit_grant_uses_place ON approvekit_grant_uses(grant_id, place)"},
    SchemaObject{"index", "approvekit_grant_uses_start",
                 "CREATE INDEX approvekit_grant_uses_start ON approvekit_grant_uses(start)"},
    SchemaObject{"table", "approvekit_archives",
                 "CREATE TABLE approvekit_archives(place INTEGER PRIMARY KEY, line TEXT NOT NULL)"},
    SchemaObject{"table", "approvekit_archive_start",
                 "CREATE TABLE approvekit_archive_start(place INTEGER NOT NULL, hash BLOB NOT NULL, first TEXT NOT "
                 "NULL)"},
    SchemaObject{"table", "approvekit_archive_kept",
                 "CREATE TABLE approvekit_archive_kept(seq INTEGER PRIMARY KEY, before BLOB NOT NULL, leaves INTEGER "
                 "NOT NULL)"},
    SchemaObject{"index", "approvekit_archive_kept_leaving",
                 "CREATE INDEX approvekit_archive_kept_leaving ON approvekit_archive_kept(seq) WHERE leaves = 1"},
    SchemaObject{"table", "approvekit_archive_holds",
                 "CREATE TABLE approvekit_archive_holds(number INTEGER PRIMARY KEY, subject TEXT NOT NULL, reason TEXT "
                 "NOT NULL, reviewer TEXT NOT NULL, way TEXT NOT NULL, since TEXT NOT NULL, ended_at TEXT, ended_by "
                 "TEXT, ended_way TEXT)"},
    SchemaObject{"index", "approvekit_archive_holds_subject",
                 "CREATE INDEX approvekit_archive_holds_subject ON approvekit_archive_holds(subject)"},
    SchemaObject{"table", "approvekit_lanes",
                 "CREATE TABLE approvekit_lanes(seq INTEGER PRIMARY KEY, lane INTEGER NOT NULL)"},
};

/// Has the file leave its write-ahead log, which it can only when nobody else has it open. Of a file without one, agents
/// alone can be seen. Waits as long as a write does; then throws StorageError (storage_busy).
void require_alone(Connection& connection, Time now);

/// Copies the file to `<file>-v<version>-backup`, in the place of whatever has that name, with mode 0600, and syncs it.
/// The copy is there whole or not at all. To be called while a write transaction of another connection keeps all others
/// from writing, and before that one has written. Throws StorageError, which names the copy; none that is unfinished is
/// left.
void back_up(const Connection& connection, std::int64_t version);

/// Adds what version 2 has to a file of version 1 that is open to other programs or not. Within a write transaction.
void add_keys(Connection& connection, Sharing sharing);

/// What files of version 2 had not from the first: each has all tables, indexes and triggers of one of these or none.
enum class LaterPart {
    uses,      ///< to count what starts take of limits
    grants,    ///< to keep grants, and to count their uses
    archives,  ///< to move a part of the record into files, and to keep what somebody holds
    lanes      ///< to keep in which lanes entries are; only of a record that was copied from a server with several
};
inline constexpr std::array later_parts{LaterPart::uses, LaterPart::grants, LaterPart::archives, LaterPart::lanes};
/// Whether a file that has nothing of it lacks it.
[[nodiscard]] constexpr bool is_in_every_file(LaterPart part) noexcept {
    return part != LaterPart::lanes;
}

/// Whether a table, an index or a trigger belongs to it.
[[nodiscard]] bool is_of(LaterPart part, std::string_view name) noexcept;

/// Adds it to a file of version 2 that has nothing of it. Within a write transaction.
void add_part(LaterPart part, SQLite::Database& database, Sharing sharing);

}  // namespace approvekit::sqlite
