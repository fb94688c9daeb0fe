#include "sqlite/schema.hpp"

#include "sqlite/connection.hpp"
#include "sqlite/schema_upgrade.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::sqlite {

namespace {

struct BaseColumn {
    const char* name;
    bool required;
};

// The base tables are an interface: the Python package reads and writes them by these columns.
constexpr std::array base_tables{
    SchemaObject{"table", "approval_requests",
                 "CREATE TABLE approval_requests(id TEXT PRIMARY KEY, tool_name TEXT NOT NULL, tool_args TEXT NOT NULL,"
                 " status TEXT NOT NULL DEFAULT 'pending', created_at TEXT NOT NULL, reviewed_at TEXT,"
                 " reviewer_notes TEXT, metadata TEXT NOT NULL DEFAULT '{}')"},
    SchemaObject{"table", "audit_log",
                 "CREATE TABLE audit_log(id TEXT PRIMARY KEY, request_id TEXT NOT NULL, tool_name TEXT NOT NULL,"
                 " tool_args TEXT NOT NULL, decision TEXT NOT NULL, timestamp TEXT NOT NULL, reviewer_notes TEXT,"
                 " metadata TEXT NOT NULL DEFAULT '{}')"},
};

constexpr std::array request_columns{
    BaseColumn{"id", false},
    BaseColumn{"tool_name", true},
    BaseColumn{"tool_args", true},
    BaseColumn{"status", true},
    BaseColumn{"created_at", true},
    BaseColumn{"reviewed_at", false},
    BaseColumn{"reviewer_notes", false},
    BaseColumn{"metadata", true},
};

constexpr std::array audit_columns{
    BaseColumn{"id", false},
    BaseColumn{"request_id", true},
    BaseColumn{"tool_name", true},
    BaseColumn{"tool_args", true},
    BaseColumn{"decision", true},
    BaseColumn{"timestamp", true},
    BaseColumn{"reviewer_notes", false},
    BaseColumn{"metadata", true},
};

constexpr std::array own_objects{
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

using Found = std::map<std::pair<std::string, std::string>, std::string>;  // (type, name) -> sql

Found read_objects(Connection& connection) {
    Found found;
    SQLite::Statement statement(connection.database(),
                                "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE "
                                "'sqlite\\_%' ESCAPE '\\'");
    while (statement.executeStep()) {
        found[{statement.getColumn(0).getString(), statement.getColumn(1).getString()}] =
            statement.getColumn(2).getString();
    }
    return found;
}

StorageError foreign(const Connection& connection, const std::string& what) {
    return StorageError(ErrorCode::foreign_database, connection.path().string() +
                                                         ": not an ApproveKit database: " + what +
                                                         ". Nothing was changed; choose another file with --db.");
}

template <std::size_t Size>
void check_columns(Connection& connection, const char* table, const std::array<BaseColumn, Size>& expected) {
    SQLite::Statement statement(connection.database(), std::string("PRAGMA table_xinfo(") + table + ")");
    std::size_t index = 0;
    while (statement.executeStep()) {
        const bool fits = index < Size && statement.getColumn(1).getString() == expected[index].name &&
                          (statement.getColumn(3).getInt() != 0) == expected[index].required &&
                          (statement.getColumn(5).getInt() == 1) == (index == 0);
        if (!fits) throw foreign(connection, std::string("table ") + table + " has other columns");
        ++index;
    }
    if (index != Size) throw foreign(connection, std::string("table ") + table + " has other columns");
}

void check_base(Connection& connection, Found& found) {
    for (const SchemaObject& table : base_tables) {
        if (found.erase({table.type, table.name}) == 0) {
            throw foreign(connection, std::string("table ") + table.name + " is missing");
        }
    }
    check_columns(connection, "approval_requests", request_columns);
    check_columns(connection, "audit_log", audit_columns);
}

void check_object(Connection& connection, Found& found, const std::string& type, const std::string& name,
                  const std::string& sql) {
    const auto at = found.find({type, name});
    if (at == found.end() || at->second != sql) {
        throw foreign(connection, type + " " + name + " is missing or altered");
    }
    found.erase(at);
}

/// The version that the file has, or, where a dump has left that out, seems to have.
std::int64_t version_of(Connection& connection, const Found& found) {
    const std::int64_t marked = connection.pragma("user_version");
    if (marked != 0) return marked;
    return found.contains({keys_objects.front().type, keys_objects.front().name}) ? schema_version : 1;
}

/// What it has nothing of, as files of version 2 had not from the first.
std::vector<LaterPart> missing_parts(const Found& found) {
    std::vector<LaterPart> missing;
    std::copy_if(later_parts.begin(), later_parts.end(), std::back_inserter(missing), [&](LaterPart part) {
        return std::none_of(found.begin(), found.end(),
                            [part](const auto& object) { return is_of(part, object.first.second); });
    });
    return missing;
}

/// Who may write the file, which its triggers say.
Sharing check_own(Connection& connection, Found& found) {
    const std::int64_t version = version_of(connection, found);
    const std::vector<LaterPart> missing = missing_parts(found);
    const auto is_there = [&](const std::string& name) {
        return std::none_of(missing.begin(), missing.end(), [&](LaterPart part) { return is_of(part, name); });
    };
    for (const SchemaObject& object : own_objects)
        check_object(connection, found, object.type, object.name, object.sql);
    for (const SchemaObject& object : keys_objects) {
        if (version > 1 && is_there(object.name)) {
            check_object(connection, found, object.type, object.name, object.sql);
        }
    }
    const bool is_closed = found.contains({"trigger", triggers_of(Sharing::closed).front().name});
    const Sharing sharing = is_closed ? Sharing::closed : Sharing::open;
    for (const Trigger& trigger : triggers_of(sharing)) {
        if (trigger.since_version <= version && is_there(trigger.name)) {
            check_object(connection, found, "trigger", trigger.name, trigger.sql);
        }
    }
    return sharing;
}

void check_nothing_else(Connection& connection, const Found& found) {
    if (found.empty()) return;
    const auto& [type, name] = found.begin()->first;
    throw foreign(connection, "it holds the " + type + " '" + name + "', which is not ours");
}

void mark(SQLite::Database& database, std::int64_t version) {
    database.exec("PRAGMA application_id = " + std::to_string(application_id));
    database.exec("PRAGMA user_version = " + std::to_string(version));
}

void create_triggers(Connection& connection, Sharing sharing, bool has_lanes) {
    for (const Trigger& trigger : triggers_of(sharing)) {
        if (has_lanes || !is_of(LaterPart::lanes, trigger.name)) connection.database().exec(trigger.sql);
    }
}

void create(Connection& connection, bool with_base, Sharing sharing) {
    SQLite::Database& database = connection.database();
    if (with_base) {
        for (const SchemaObject& table : base_tables)
            database.exec(table.sql);
    }
    for (const SchemaObject& object : own_objects)
        database.exec(object.sql);
    for (const SchemaObject& object : keys_objects) {
        if (!is_of(LaterPart::lanes, object.name)) database.exec(object.sql);
    }
    create_triggers(connection, sharing, false);
    database.exec(
        "INSERT INTO approvekit_audit(entry_id, request_id, event) SELECT id, request_id, decision FROM audit_log "
        "ORDER BY timestamp, rowid");
    mark(database, schema_version);
}

void check_version(Connection& connection) {
    const std::int64_t version = connection.pragma("user_version");
    if (version <= schema_version) return;
    throw StorageError(ErrorCode::newer_database, connection.path().string() + ": made by a newer ApproveKit (schema " +
                                                      std::to_string(version) + ", this one knows " +
                                                      std::to_string(schema_version) +
                                                      "). Nothing was changed; upgrade this program.");
}

bool is_ours(Connection& connection) {
    return connection.pragma("application_id") == application_id;
}

Sharing check_ours(Connection& connection) {
    check_version(connection);
    Found found = read_objects(connection);
    check_base(connection, found);
    const Sharing sharing = check_own(connection, found);
    check_nothing_else(connection, found);
    return sharing;
}

/// A dump has every table and row, but not the marks that tell whose file it is.
bool is_restored(Connection& connection) {
    if (connection.pragma("application_id") != 0 || connection.pragma("user_version") != 0) return false;
    return read_objects(connection).contains({"table", "approvekit_audit"});
}

/// Whether the file is empty; otherwise it must hold the Python package's two tables and nothing else.
bool check_adoptable(Connection& connection) {
    if (connection.pragma("application_id") != 0) throw foreign(connection, "it belongs to another program");
    Found found = read_objects(connection);
    if (found.empty() && connection.pragma("user_version") == 0) return true;
    check_base(connection, found);
    check_nothing_else(connection, found);
    return false;
}

/// What the file holds before anything of ours is written.
struct Content {
    bool is_empty = false;
    bool is_marked = false;    ///< as ours; a file that was restored from its dump is not
    bool is_older = false;     ///< it is ours, of an earlier version
    bool lacks_parts = false;  ///< it is ours, of this version, and has not all of that yet
    std::optional<Sharing> ours;
};

/// Throws when it must not have our schema.
Content look_into(Connection& connection) {
    // One look: a file that another process makes ours between two would seem to belong to another program.
    const SQLite::Transaction look(connection.database());
    const bool is_marked = is_ours(connection);
    if (!is_marked && !is_restored(connection)) return {.is_empty = check_adoptable(connection), .ours = std::nullopt};
    const Sharing sharing = check_ours(connection);
    const Found found = read_objects(connection);
    const bool is_older = version_of(connection, found) < schema_version;
    return {.is_marked = is_marked,
            .is_older = is_older,
            .lacks_parts = !is_older && std::ranges::any_of(missing_parts(found), is_in_every_file),
            .ours = sharing};
}

Sharing make_ours(Connection& connection, std::optional<Sharing> wanted) {
    Transaction transaction(connection);
    // Somebody else may have been faster since the look.
    if (is_ours(connection)) return check_ours(connection);
    std::optional<Sharing> sharing;
    if (is_restored(connection)) {
        sharing = check_ours(connection);
        mark(connection.database(), version_of(connection, read_objects(connection)));
    } else {
        const bool is_empty = check_adoptable(connection);
        sharing = wanted.value_or(is_empty ? Sharing::closed : Sharing::open);
        create(connection, is_empty, *sharing);
    }
    transaction.commit();
    return *sharing;
}

StorageError in_use(const Connection& connection) {
    return StorageError(ErrorCode::storage_busy,
                        connection.path().string() +
                            ": this record is closed to other programs, and that can change only while nobody uses it. "
                            "Stop the agents and reviewers that have it open, then share it");
}

/// Only a file that nobody else has open can leave its write-ahead log.
void leave_log(Connection& connection) {
    try {
        connection.choose_journal(Sharing::open);
    } catch (const SQLite::Exception&) {
        throw in_use(connection);
    }
}

void add_missing_parts(Connection& connection) {
    Transaction transaction(connection);
    const Sharing sharing = check_ours(connection);
    for (const LaterPart part : missing_parts(read_objects(connection))) {
        if (is_in_every_file(part)) add_part(part, connection.database(), sharing);
    }
    transaction.commit();
}

void change_sharing(Connection& connection, Sharing from, Sharing to, SharingLock& lock) {
    // Who opens the file meanwhile would find it closed still, and take up the log again.
    lock.make_exclusive();
    if (to == Sharing::open) leave_log(connection);
    Transaction transaction(connection);
    if (check_ours(connection) != from) return;
    const std::vector<LaterPart> missing = missing_parts(read_objects(connection));
    for (const Trigger& trigger : triggers_of(from))
        connection.database().exec("DROP TRIGGER IF EXISTS " + trigger.name);
    create_triggers(connection, to, std::ranges::find(missing, LaterPart::lanes) == missing.end());
    transaction.commit();
}

}  // namespace

bool is_blank(Connection& connection) {
    return connection.pragma("schema_version") == 0 && connection.pragma("application_id") == 0;
}

bool is_older(Connection& connection) {
    const Content content = look_into(connection);
    return content.is_older || content.lacks_parts;
}

bool ensure_schema(Connection& connection, std::optional<Sharing> wanted) {
    SharingLock lock(connection);
    const Content content = look_into(connection);
    if (content.is_older) return false;
    if (!content.is_marked && !content.is_empty) connection.choose_journal(Sharing::open);
    const Sharing found = content.is_marked ? *content.ours : make_ours(connection, wanted);
    if (content.lacks_parts) {
        connection.choose_journal(found);
        add_missing_parts(connection);
    }
    if (wanted && *wanted != found) change_sharing(connection, found, *wanted, lock);
    connection.choose_journal(wanted.value_or(found));
    return true;
}

void bring_up(Connection& connection, Time now) {
    SharingLock lock(connection);
    lock.make_exclusive();  // who opens the file meanwhile waits, and finds it brought up
    if (!look_into(connection).is_older) return;
    require_alone(connection, now);
    Transaction transaction(connection);
    const Sharing sharing = check_ours(connection);
    back_up(connection, version_of(connection, read_objects(connection)));
    add_keys(connection, sharing);
    mark(connection.database(), schema_version);
    transaction.commit();
}

void check_schema(Connection& connection) {
    if (look_into(connection).ours) return;
    throw StorageError(
        ErrorCode::storage_read_only,
        connection.path().string() + ": it has nothing of ApproveKit yet and cannot be written; open it where it can");
}

}  // namespace approvekit::sqlite
