#include "sqlite/portable_rows.hpp"

#include "sqlite/lanes_table.hpp"
#include "sqlite/schema_upgrade.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <utility>

namespace approvekit::sqlite {

using record::ColumnKind;
using record::PortableColumn;
using record::PortableRow;
using record::PortableTable;

namespace {

/// Whether it is the lane of an entry, which a file has in a table of its own.
bool is_lane(const PortableColumn& column) {
    return column.name == "lane";
}

/// Returns the value of the column with that name; nothing if it is NULL, or if the table has no such column.
std::optional<std::string> value_of(const PortableTable& table, const PortableRow& row, std::string_view name) {
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        if (table.columns[index].name == name) return row.at(index);
    }
    return std::nullopt;
}

PortableRow read_portable(const PortableTable& table, const Rows& rows) {
    PortableRow row;
    int index = 0;
    for (const PortableColumn& column : table.columns) {
        const int at = index++;
        if (rows.is_null(at)) {
            row.emplace_back();
        } else if (column.kind == ColumnKind::integer || column.kind == ColumnKind::flag) {
            row.emplace_back(std::to_string(rows.integer(at)));
        } else {
            row.emplace_back(rows.text(at));
        }
    }
    return row;
}

std::vector<PortableRow> read_all_portable(const PortableTable& table, Rows rows) {
    return record::read_all(std::move(rows), [&](const Rows& row) { return read_portable(table, row); });
}

bool is_number(const PortableTable& table, std::string_view name) {
    for (const PortableColumn& column : table.columns) {
        if (column.name == name) return column.kind == ColumnKind::integer;
    }
    return false;
}

void bind(SQLite::Statement& statement, int index, const PortableColumn& column,
          const std::optional<std::string>& value) {
    if (!value) {
        statement.bind(index);
    } else if (column.kind == ColumnKind::bytes) {
        statement.bind(index, static_cast<const void*>(value->data()), static_cast<int>(value->size()));
    } else if (column.kind == ColumnKind::text) {
        statement.bind(index, *value);
    } else {
        statement.bind(index, static_cast<std::int64_t>(std::stoll(*value)));
    }
}

}  // namespace

Query& PortableRows::query(const std::string& sql) {
    return queries_.try_emplace(sql, database_, sql).first->second;
}

bool PortableRows::exists(std::string_view table) {
    return query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").rows(table).next();
}

std::string PortableRows::selection(const PortableTable& table, const std::string& rest) {
    std::string list;
    for (const PortableColumn& column : table.columns) {
        if (!list.empty()) list += ", ";
        if (!is_lane(column)) {
            list += column.name;
        } else {
            list += exists("approvekit_lanes") ? LanesTable::lane_column : "NULL";
        }
    }
    return "SELECT " + list + " FROM " + std::string(table.name) + " a " + rest;
}

std::vector<PortableRow> PortableRows::of(const PortableTable& table, std::string_view subject) {
    if (!exists(table.name)) return {};
    const std::string rest = "WHERE " + std::string(table.subject) + " = ? ORDER BY " + std::string(table.order);
    return read_all_portable(table, query(selection(table, rest)).rows(subject));
}

void PortableRows::remove(const PortableTable& table, std::string_view subject) {
    query("DELETE FROM " + std::string(table.name) + " WHERE " + std::string(table.subject) + " = ?").run(subject);
}

std::vector<PortableRow> PortableRows::behind(const PortableTable& table, const std::optional<std::string>& last,
                                              std::size_t limit) {
    if (!exists(table.name)) return {};
    const std::string order(table.order);
    const std::string rest = "ORDER BY " + order + " LIMIT ?";
    const auto most = static_cast<std::int64_t>(limit);
    const std::string from_last = selection(table, "WHERE " + order + " > ? " + rest);
    Rows rows = !last                           ? query(selection(table, rest)).rows(most)
                : is_number(table, table.order) ? query(from_last).rows(std::int64_t{std::stoll(*last)}, most)
                                                : query(from_last).rows(*last, most);
    return read_all_portable(table, std::move(rows));
}

void PortableRows::insert(const PortableTable& table, const PortableRow& row) {
    std::string names;
    std::string marks;
    for (const PortableColumn& column : table.columns) {
        if (is_lane(column)) continue;
        names.append(names.empty() ? "" : ", ").append(column.name);
        marks += marks.empty() ? "?" : ", ?";
    }
    SQLite::Statement statement(database_,
                                "INSERT INTO " + std::string(table.name) + "(" + names + ") VALUES (" + marks + ")");
    int mark = 0;
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        if (!is_lane(table.columns[index])) bind(statement, ++mark, table.columns[index], row.at(index));
    }
    statement.exec();
    if (const auto lane = value_of(table, row, "lane")) insert_lane(*value_of(table, row, "seq"), *lane);
}

void PortableRows::add_lanes() {
    if (!exists("approvekit_lanes")) {
        const bool is_closed = query("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?")
                                   .rows(triggers_of(Sharing::closed).front().name)
                                   .next();
        add_part(LaterPart::lanes, database_, is_closed ? Sharing::closed : Sharing::open);
    }
    has_lanes_ = true;
}

void PortableRows::insert_lane(const std::string& sequence, const std::string& lane) {
    if (!has_lanes_) add_lanes();
    query("INSERT INTO approvekit_lanes(seq, lane) VALUES (?, ?)")
        .run(std::int64_t{std::stoll(sequence)}, std::int64_t{std::stoll(lane)});
}

}  // namespace approvekit::sqlite
