#include "record/copying.hpp"

#include "approvekit/error.hpp"
#include "record/record_check.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::record {

namespace {

constexpr std::size_t rows_at_once = 200;

std::size_t column_of(const PortableTable& table, std::string_view name) {
    std::size_t index = 0;
    while (table.columns[index].name != name)
        ++index;
    return index;
}

/// Shows the rows of the table to `look` in their order, and reads a few at a time.
template <typename Look>
void each_row(Tables& tables, const PortableTable& table, Look look) {
    const std::size_t order = column_of(table, table.order);
    std::optional<std::string> last;
    for (;;) {
        const std::vector<PortableRow> rows = tables.portable.behind(table, last, rows_at_once);
        for (const PortableRow& row : rows)
            look(row);
        if (rows.size() < rows_at_once) return;
        last = rows.back().at(order);
    }
}

AuditReport checked(Tables& tables, const char* which) {
    RecordCheck check(0);
    while (check.some(tables)) {
    }
    AuditReport report = check.report();
    if (report.intact()) return report;
    throw StorageError(ErrorCode::storage_corrupt, std::string(which) +
                                                       " is not as it was written: " + report.fault->subject() + ": " +
                                                       report.fault->what + "; nothing was copied");
}

void refuse_open_sessions(Tables& tables) {
    const PortableTable& sessions = portable_table("approvekit_sessions");
    const std::size_t ended_at = column_of(sessions, "ended_at");
    each_row(tables, sessions, [&](const PortableRow& row) {
        if (row.at(ended_at)) return;
        throw StorageError(ErrorCode::storage_busy,
                           "an agent has the record open; stop all that use it, then copy it. Nothing was copied");
    });
}

void refuse_rows(Tables& tables) {
    for (const PortableTable& table : portable_tables()) {
        if (tables.portable.behind(table, std::nullopt, 1).empty()) continue;
        throw StorageError(ErrorCode::foreign_database, "the record to copy into is not empty: there is something in " +
                                                            std::string(table.name) + "; nothing was copied");
    }
}

}  // namespace

AuditReport give_all_rows(Tables& tables, const RowTaker& take) {
    refuse_open_sessions(tables);
    const AuditReport report = checked(tables, "the record");
    for (const PortableTable& table : portable_tables())
        each_row(tables, table, [&](const PortableRow& row) { take(table.name, row); });
    return report;
}

void take_all_rows(Tables& tables, const RowGiver& give) {
    tables.entries.own_end();
    tables.portable.expect_pauses();
    refuse_rows(tables);
    const AuditReport given = give(
        [&](std::string_view table, const PortableRow& row) { tables.portable.insert(portable_table(table), row); });
    for (const PortableTable& table : portable_tables())
        tables.portable.number_behind(table);
    const AuditReport copied = checked(tables, "the copy");
    const bool is_same = copied.head == given.head && copied.first == given.first &&
                         copied.sequence == given.sequence && copied.entries == given.entries;
    if (is_same) return;
    throw StorageError(ErrorCode::storage_corrupt,
                       "the copy does not have the entries of the record; nothing was copied");
}

}  // namespace approvekit::record
