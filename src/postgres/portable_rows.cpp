#include "postgres/portable_rows.hpp"

#include <cstdint>
#include <string>

namespace approvekit::postgres {

using record::ColumnKind;
using record::PortableColumn;
using record::PortableRow;
using record::PortableTable;

namespace {

constexpr std::size_t rows_at_once = 100;
constexpr std::size_t bytes_at_once = std::size_t{1} << 18;

std::string place_of(const PortableTable& table) {
    return "approvekit." + std::string(table.name);
}

std::string portable_selection(const PortableTable& table, const std::string& rest) {
    return "SELECT " + record::column_list(table) + " FROM " + place_of(table) + " " + rest;
}

/// Values are bound as text, so columns of other types need a cast.
const char* cast_of(ColumnKind kind) {
    switch (kind) {
        case ColumnKind::integer:
            return "::bigint";
        case ColumnKind::flag:
            return "::boolean";
        case ColumnKind::bytes:
            return "::bytea";
        default:
            return "";
    }
}

const PortableColumn& column_named(const PortableTable& table, std::string_view name) {
    std::size_t index = 0;
    while (table.columns[index].name != name)
        ++index;
    return table.columns[index];
}

std::optional<std::string> read_value(const Rows& rows, int at, ColumnKind kind) {
    if (rows.is_null(at)) return std::nullopt;
    if (kind == ColumnKind::flag) return rows.flag(at) ? "1" : "0";
    return kind == ColumnKind::bytes ? rows.binary(at) : rows.text(at);
}

std::vector<PortableRow> read_all(const PortableTable& table, Rows rows) {
    std::vector<PortableRow> found;
    while (rows.next()) {
        PortableRow row;
        for (std::size_t index = 0; index < table.columns.size(); ++index)
            row.push_back(read_value(rows, static_cast<int>(index), table.columns[index].kind));
        found.push_back(std::move(row));
    }
    return found;
}

}  // namespace

std::vector<PortableRow> PortableRows::of(const PortableTable& table, std::string_view subject) {
    const std::string rest = "WHERE " + std::string(table.subject) + " = $1 ORDER BY " + std::string(table.order);
    return read_all(table, access_.connection.rows(Statement(portable_selection(table, rest), subject)));
}

void PortableRows::remove(const PortableTable& table, std::string_view subject) {
    access_.connection.queue(
        Statement("DELETE FROM " + place_of(table) + " WHERE " + std::string(table.subject) + " = $1", subject));
}

std::vector<PortableRow> PortableRows::behind(const PortableTable& table, const std::optional<std::string>& last,
                                              std::size_t limit) {
    const std::string order(table.order);
    const auto most = static_cast<std::int64_t>(limit);
    const std::string rest = "ORDER BY " + order + " LIMIT $1";
    if (!last) return read_all(table, access_.connection.rows(Statement(portable_selection(table, rest), most)));
    const std::string cast = cast_of(column_named(table, table.order).kind);
    const std::string behind_last = "WHERE " + order + " > $2" + cast + " " + rest;
    return read_all(table, access_.connection.rows(Statement(portable_selection(table, behind_last), most, *last)));
}

void PortableRows::insert(const PortableTable& table, const PortableRow& row) {
    std::string marks;
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        marks += (marks.empty() ? "$" : ", $") + std::to_string(index + 1) + cast_of(table.columns[index].kind);
    }
    Statement statement("INSERT INTO " + place_of(table) + "(" + record::column_list(table) + ") VALUES (" + marks +
                        ")");
    for (std::size_t index = 0; index < table.columns.size(); ++index) {
        const bool is_bytes = table.columns[index].kind == ColumnKind::bytes;
        if (row.at(index) && is_bytes) {
            statement.add(Binary{*row.at(index)});
        } else {
            statement.add(row.at(index));
        }
    }
    for (const auto& value : row)
        queued_bytes_ += value ? value->size() : 0;
    if (++queued_rows_ < rows_at_once && queued_bytes_ < bytes_at_once) {
        access_.connection.queue(std::move(statement));
        return;
    }
    access_.connection.rows(std::move(statement));
    queued_bytes_ = 0;
    queued_rows_ = 0;
}

void PortableRows::expect_pauses() {
    access_.connection.queue("SELECT set_config('idle_in_transaction_session_timeout', '0', true)");
}

void PortableRows::number_behind(const PortableTable& table) {
    if (table.name == "approvekit_audit") {
        access_.connection.rows(
            "SELECT setval('approvekit.approvekit_places', max(seq)) FROM approvekit.approvekit_audit HAVING max(seq) "
            "> 0");
    }
    if (table.order != "number") return;
    const std::string place = place_of(table);
    access_.connection.rows(Statement("SELECT setval(pg_get_serial_sequence('" + place +
                                      "', 'number'), coalesce((SELECT max(number) FROM " + place +
                                      "), 1), EXISTS (SELECT 1 FROM " + place + "))"));
}

}  // namespace approvekit::postgres
