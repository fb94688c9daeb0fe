#include "sqlite/schema.hpp"

#include "sqlite/schema_check.hpp"
#include "sqlite/schema_objects.hpp"
#include "sqlite/schema_upgrade.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace approvekit::sqlite {

namespace {

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
    for (const SchemaObject& object : version_2_objects) {
        if (!is_of(LaterPart::lanes, object.name)) database.exec(object.sql);
    }
    create_triggers(connection, sharing, false);
    database.exec(
        "INSERT INTO approvekit_audit(entry_id, request_id, event) SELECT id, request_id, decision FROM audit_log "
        "ORDER BY timestamp, rowid");
    mark(database, schema_version);
}

Sharing make_ours(Connection& connection, std::optional<Sharing> wanted) {
    Transaction transaction(connection);
    // Somebody else may have been faster since the look.
    if (is_ours(connection)) return check_ours(connection);
    std::optional<Sharing> sharing;
    if (is_restored(connection)) {
        sharing = check_ours(connection);
        mark(connection.database(), version_of(connection));
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
    for (const LaterPart part : missing_parts(connection)) {
        if (is_in_every_file(part)) add_part(part, connection.database(), sharing);
    }
    transaction.commit();
}

void change_sharing(Connection& connection, Sharing from, Sharing to, SharingLock& lock) {
    // Otherwise a process that opens the file now would still find it closed, and use a write-ahead log again.
    lock.make_exclusive();
    if (to == Sharing::open) leave_log(connection);
    Transaction transaction(connection);
    if (check_ours(connection) != from) return;
    const std::vector<LaterPart> missing = missing_parts(connection);
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
    const SchemaContent content = look_into(connection);
    return content.is_older || content.lacks_parts;
}

bool ensure_schema(Connection& connection, std::optional<Sharing> wanted) {
    SharingLock lock(connection);
    const SchemaContent content = look_into(connection);
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
    lock.make_exclusive();  // a process that opens the file now waits, and finds it upgraded
    if (!look_into(connection).is_older) return;
    require_alone(connection, now);
    Transaction transaction(connection);
    const Sharing sharing = check_ours(connection);
    back_up(connection, version_of(connection));
    add_version_2(connection, sharing);
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
