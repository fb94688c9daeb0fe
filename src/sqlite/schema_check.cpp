#include "sqlite/schema_check.hpp"

#include "sqlite/schema_objects.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace approvekit::sqlite {

namespace {

struct BaseColumn {
    const char* name;
    bool required;
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

using Found = std::map<std::pair<std::string, std::string>, std::string>;  // (type, name) -> sql

/// Returns the tables, indexes, triggers and views of the file.
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

/// Returns the version of the file. A dump leaves that out; then it follows from the objects.
std::int64_t version_with(Connection& connection, const Found& found) {
    const std::int64_t marked = connection.pragma("user_version");
    if (marked != 0) return marked;
    return found.contains({version_2_objects.front().type, version_2_objects.front().name}) ? schema_version : 1;
}

std::vector<LaterPart> parts_missing_in(const Found& found) {
    std::vector<LaterPart> missing;
    std::copy_if(later_parts.begin(), later_parts.end(), std::back_inserter(missing), [&](LaterPart part) {
        return std::none_of(found.begin(), found.end(),
                            [part](const auto& object) { return is_of(part, object.first.second); });
    });
    return missing;
}

/// Returns who may write the file, which its triggers show.
Sharing check_own(Connection& connection, Found& found) {
    const std::int64_t version = version_with(connection, found);
    const std::vector<LaterPart> missing = parts_missing_in(found);
    const auto is_there = [&](const std::string& name) {
        return std::none_of(missing.begin(), missing.end(), [&](LaterPart part) { return is_of(part, name); });
    };
    for (const SchemaObject& object : own_objects)
        check_object(connection, found, object.type, object.name, object.sql);
    for (const SchemaObject& object : version_2_objects) {
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

void check_version(Connection& connection) {
    const std::int64_t version = connection.pragma("user_version");
    if (version <= schema_version) return;
    throw StorageError(ErrorCode::newer_database, connection.path().string() + ": made by a newer ApproveKit (schema " +
                                                      std::to_string(version) + ", this one knows " +
                                                      std::to_string(schema_version) +
                                                      "). Nothing was changed; upgrade this program.");
}

}  // namespace

bool is_ours(Connection& connection) {
    return connection.pragma("application_id") == application_id;
}

bool is_restored(Connection& connection) {
    if (connection.pragma("application_id") != 0 || connection.pragma("user_version") != 0) return false;
    return read_objects(connection).contains({"table", "approvekit_audit"});
}

std::int64_t version_of(Connection& connection) {
    return version_with(connection, read_objects(connection));
}

std::vector<LaterPart> missing_parts(Connection& connection) {
    return parts_missing_in(read_objects(connection));
}

Sharing check_ours(Connection& connection) {
    check_version(connection);
    Found found = read_objects(connection);
    check_base(connection, found);
    const Sharing sharing = check_own(connection, found);
    check_nothing_else(connection, found);
    return sharing;
}

bool check_adoptable(Connection& connection) {
    if (connection.pragma("application_id") != 0) throw foreign(connection, "it belongs to another program");
    Found found = read_objects(connection);
    if (found.empty() && connection.pragma("user_version") == 0) return true;
    check_base(connection, found);
    check_nothing_else(connection, found);
    return false;
}

SchemaContent look_into(Connection& connection) {
    // In one transaction, since a file that another process makes ours between two reads would seem to belong to
    // another program.
    const SQLite::Transaction look(connection.database());
    const bool is_marked = is_ours(connection);
    if (!is_marked && !is_restored(connection)) return {.is_empty = check_adoptable(connection), .ours = std::nullopt};
    const Sharing sharing = check_ours(connection);
    const Found found = read_objects(connection);
    const bool is_older = version_with(connection, found) < schema_version;
    return {.is_marked = is_marked,
            .is_older = is_older,
            .lacks_parts = !is_older && std::ranges::any_of(parts_missing_in(found), is_in_every_file),
            .ours = sharing};
}

}  // namespace approvekit::sqlite
