#include "postgres/schema.hpp"

#include "postgres/failure.hpp"
#include "postgres/schema_text.hpp"

namespace approvekit::postgres {

namespace {

constexpr int most_lanes = 64;

bool is_there(Connection& connection, const char* sql) {
    Rows rows = connection.rows(sql);
    return rows.next() && rows.flag(0);
}

StorageError foreign(const Connection& connection) {
    return StorageError(ErrorCode::foreign_database,
                        connection.target().place() +
                            ": the schema approvekit is not one of ApproveKit. Nothing was changed; choose another "
                            "database with --db.");
}

void check_encoding(Connection& connection) {
    Rows rows =
        connection.rows("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()");
    if (rows.next() && rows.bytes(0) == "UTF8") return;
    throw StorageError(ErrorCode::foreign_database,
                       connection.target().place() + ": the database's encoding is not UTF8; make one that is");
}

/// Returns the statements that add what records of version 2 did not have from the start. Empty if nothing is missing,
/// since they wait for all writers even then.
std::string text_of_missing_parts(Connection& connection) {
    const bool has_column = is_there(connection,
                                     "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attname = 'unused' AND attrelid "
                                     "= 'approvekit.approvekit_chain'::regclass)");
    const bool has_index = is_there(connection,
                                    "SELECT to_regclass('approvekit.approvekit_audit_joined') IS NOT NULL OR (SELECT "
                                    "count(*) FROM approvekit.approvekit_chain) = 1");
    return std::string(has_column ? "" : unused_column_text) + (has_index ? "" : joined_index_text);
}

/// Returns the name of a role as a statement contains it.
std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char character : name) {
        if (character == '"') text += '"';
        text += character;
    }
    return text + "\"";
}

}  // namespace

std::int64_t version_of(Connection& connection) {
    if (!is_there(connection, "SELECT to_regnamespace('approvekit') IS NOT NULL")) return 0;
    if (!is_there(connection, "SELECT to_regclass('approvekit.approvekit_schema') IS NOT NULL")) {
        // An empty schema of that name may have been made for us.
        const bool is_empty = !is_there(
            connection, "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('approvekit'))");
        if (is_empty) return 0;
        throw foreign(connection);
    }
    Rows rows = connection.rows("SELECT version FROM approvekit.approvekit_schema");
    if (!rows.next()) throw foreign(connection);
    return rows.integer(0);
}

void check_schema(Connection& connection) {
    const std::int64_t version = version_of(connection);
    if (version == schema_version) return;
    const std::string& place = connection.target().place();
    if (version == 0) {
        throw StorageError(ErrorCode::missing_database,
                           place +
                               ": there is no record in this database; is it the one that the agent uses? Make one "
                               "with: approvekit-review database init --db URL");
    }
    if (version > schema_version) {
        throw StorageError(ErrorCode::newer_database, place + ": made by a newer ApproveKit (schema " +
                                                          std::to_string(version) + ", this one knows " +
                                                          std::to_string(schema_version) +
                                                          "). Nothing was changed; upgrade this program.");
    }
    throw StorageError(ErrorCode::storage_read_only,
                       place + ": made by an older ApproveKit (schema " + std::to_string(version) +
                           "). Bring it up with: approvekit-review database upgrade --db URL");
}

void create_schema(Connection& connection, int lanes) {
    if (lanes < 1 || lanes > most_lanes) {
        throw Error(ErrorCode::invalid_option, "a record has 1 to " + std::to_string(most_lanes) + " lanes");
    }
    check_encoding(connection);
    if (version_of(connection) != 0) {
        throw StorageError(ErrorCode::foreign_database,
                           connection.target().place() + ": there is a record in this database; nothing was changed");
    }
    // A script of several statements is one transaction.
    connection.script(std::string(schema_text) + archives_text + (lanes > 1 ? lanes_text(lanes) : ""));
}

std::int64_t upgrade_schema(Connection& connection) {
    const std::int64_t version = version_of(connection);
    if (version == 0 || version > schema_version) check_schema(connection);
    const std::string lacking = (version == 1 ? archives_text : "") + text_of_missing_parts(connection);
    // Whoever writes waits behind a change of a table that waits for others, such as a long dump.
    if (!lacking.empty()) connection.script("SELECT set_config('lock_timeout', '2000', true); " + lacking);
    return version;
}

std::string grants_for(const std::string& role) {
    const std::string to = " TO " + quoted(role) + ";\n";
    const auto on = [&](const char* rights, const char* tables) {
        return std::string("GRANT ") + rights + " ON " + tables + to;
    };
    // In one transaction, since agents that work meanwhile must not be without a right for a moment.
    return "BEGIN;\nGRANT USAGE ON SCHEMA approvekit" + to + on("SELECT", "ALL TABLES IN SCHEMA approvekit") +
           on("INSERT",
              "approvekit.audit_log, approvekit.approvekit_audit, approvekit.approvekit_decisions, "
              "approvekit.approvekit_votes, approvekit.approvekit_grant_uses") +
           on("INSERT, UPDATE",
              "approvekit.approval_requests, approvekit.approvekit_requests, approvekit.approvekit_sessions, "
              "approvekit.approvekit_keys, approvekit.approvekit_stops, approvekit.approvekit_buckets, "
              "approvekit.approvekit_grants, approvekit.approvekit_archive_holds") +
           on("INSERT, UPDATE, DELETE",
              "approvekit.approvekit_uses, approvekit.approvekit_writers, approvekit.approvekit_changes") +
           // To lock rows is allowed to those who may change a column of them. An earlier build allowed all columns,
           // and whoever changes the number of a lane lets others write without a lock.
           "REVOKE UPDATE ON approvekit.approvekit_chain FROM " + quoted(role) + ";\n" +
           on("UPDATE (unused)", "approvekit.approvekit_chain") + on("USAGE", "SEQUENCE approvekit.approvekit_places") +
           "COMMIT;\n";
}

}  // namespace approvekit::postgres
