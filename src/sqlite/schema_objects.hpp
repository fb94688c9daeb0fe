#pragma once

#include <array>

namespace approvekit::sqlite {

/// A table or an index, with the SQL that creates it, exactly as the file must contain it.
struct SchemaObject {
    const char* type;
    const char* name;
    const char* sql;
};

/// The base tables. They are an interface: the Python package reads and writes them by these columns.
inline constexpr std::array base_tables{
    SchemaObject{"table", "approval_requests",
                 "CREATE TABLE approval_requests(id TEXT PRIMARY KEY, tool_name TEXT NOT NULL, tool_args TEXT NOT NULL,"
                 " status TEXT NOT NULL DEFAULT 'pending', created_at TEXT NOT NULL, reviewed_at TEXT,"
                 " reviewer_notes TEXT, metadata TEXT NOT NULL DEFAULT '{}')"},
    SchemaObject{"table", "audit_log",
                 "CREATE TABLE audit_log(id TEXT PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT NOT NULL,"
                 " tool_args TEXT NOT NULL, decision TEXT NOT NULL, timestamp TEXT NOT NULL, reviewer_notes TEXT,"
                 " metadata TEXT NOT NULL DEFAULT '{}')"},
};

/// What version 1 of the schema adds to the base tables, besides triggers.
inline constexpr std::array own_objects{
    SchemaObject{"table", "approvekit_sessions",
                 "CREATE TABLE approvekit_sessions(number INTEGER PRIMARY KEY, boot_id TEXT NOT "
                 "NULL, pid_namespace TEXT NOT NULL, pid INTEGER NOT NULL, start_time INTEGER NOT NULL, started_at "
                 "TEXT NOT NULL, first_entry INTEGER NOT NULL, ended_at TEXT)"},
    SchemaObject{"index", "approvekit_sessions_open",
                 "CREATE INDEX approvekit_sessions_open ON approvekit_sessions(number) WHERE ended_at IS NULL"},
    SchemaObject{"table", "approvekit_requests",
                 "CREATE TABLE approvekit_requests(request_id TEXT PRIMARY KEY, session INTEGER NOT NULL, agent TEXT "
                 "NOT NULL, nonce TEXT NOT NULL, action_digest TEXT NOT NULL, view_digest TEXT NOT NULL, "
                 "policy_digest TEXT NOT NULL, redactions TEXT NOT NULL, deadline TEXT NOT NULL, boot_id TEXT NOT "
                 "NULL, boot_deadline INTEGER NOT NULL, is_open INTEGER NOT NULL, run TEXT NOT NULL DEFAULT 'none', "
                 "run_note TEXT NOT NULL DEFAULT '', started_at TEXT, finished_at TEXT, tool_name TEXT NOT NULL, "
                 "tool_args TEXT NOT NULL, created_at TEXT NOT NULL, metadata TEXT NOT NULL) WITHOUT ROWID"},
    SchemaObject{"index", "approvekit_requests_due",
                 "CREATE INDEX approvekit_requests_due ON approvekit_requests(deadline) WHERE is_open = 1"},
    SchemaObject{"index", "approvekit_requests_boot_due",
                 "CREATE INDEX approvekit_requests_boot_due ON approvekit_requests(boot_id, boot_deadline) WHERE "
                 "is_open = 1"},
    SchemaObject{"index", "approvekit_requests_session",
                 "CREATE INDEX approvekit_requests_session ON approvekit_requests(session) WHERE is_open = 1"},
    SchemaObject{"table", "approvekit_decisions",
                 "CREATE TABLE approvekit_decisions(number INTEGER PRIMARY KEY, request_id TEXT NOT NULL, verdict TEXT "
                 "NOT NULL, reviewer TEXT NOT NULL, way TEXT NOT NULL, notes TEXT NOT NULL, decided_at TEXT NOT NULL, "
                 "view_digest TEXT NOT NULL, entry_id TEXT NOT NULL, key_id TEXT, statement TEXT, signature TEXT)"},
    SchemaObject{"index", "approvekit_decisions_request",
                 "CREATE INDEX approvekit_decisions_request ON approvekit_decisions(request_id)"},
    SchemaObject{"table", "approvekit_audit",
                 "CREATE TABLE approvekit_audit(seq INTEGER PRIMARY KEY, entry_id TEXT NOT NULL, request_id TEXT NOT "
                 "NULL, event TEXT NOT NULL, tool_name TEXT, tool_args TEXT, timestamp TEXT, notes TEXT, metadata "
                 "TEXT, reviewer TEXT NOT NULL DEFAULT '', way TEXT NOT NULL DEFAULT '', follows TEXT NOT NULL "
                 "DEFAULT '', is_signed INTEGER NOT NULL DEFAULT 0, view TEXT NOT NULL DEFAULT '', session INTEGER NOT "
                 "NULL DEFAULT 0, hash BLOB)"},
    SchemaObject{"index", "approvekit_audit_request",
                 "CREATE INDEX approvekit_audit_request ON approvekit_audit(request_id, seq) WHERE request_id <> "
                 "'auto'"},
    SchemaObject{"table", "approvekit_changes",
                 "CREATE TABLE approvekit_changes(seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL, status TEXT NOT "
                 "NULL)"},
    SchemaObject{"index", "approvekit_pending",
                 "CREATE INDEX approvekit_pending ON approval_requests(created_at, id) WHERE status = 'pending'"},
    SchemaObject{"index", "approvekit_by_status",
                 "CREATE INDEX approvekit_by_status ON approval_requests(status, created_at, id)"},
    SchemaObject{"index", "approvekit_by_time", "CREATE INDEX approvekit_by_time ON approval_requests(created_at, id)"},
};

/// What version 2 of the schema adds to version 1, besides triggers. A file has the table of lanes only if it needs it.
inline constexpr std::array version_2_objects{
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

}  // namespace approvekit::sqlite
