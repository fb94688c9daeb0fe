#include "postgres/holds_table.hpp"

#include "record/stop_rows.hpp"

#include <string>
#include <utility>

namespace approvekit::postgres {

using record::HoldColumn;
using record::StoredHold;

namespace {

std::string hold_listing(const std::string& rest) {
    return "SELECT subject, reason, reviewer, way, since, ended_at, ended_by, ended_way, number FROM "
           "approvekit.approvekit_archive_holds " +
           rest;
}

}  // namespace

void HoldsTable::insert(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_archive_holds(subject, reason, reviewer, way, since) VALUES ($1, $2, $3, "
        "$4, $5)",
        hold.subject, hold.reason, hold.reviewer, hold.way, stored.since);
}

void HoldsTable::end(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    access_.connection.queue(
        "UPDATE approvekit.approvekit_archive_holds SET ended_at = $1, ended_by = $2, ended_way = $3 WHERE subject = "
        "$4 AND ended_at IS NULL",
        stored.ended_at, hold.ended_by, hold.ended_way, hold.subject);
}

std::optional<StoredHold> HoldsTable::find(std::string_view subject) {
    const std::string lock = access_.locks ? " FOR UPDATE" : "";
    const std::string sql = hold_listing("WHERE subject = $1 ORDER BY number DESC LIMIT 1" + lock);
    return record::read_first(access_.connection.rows(Statement(sql, subject)), record::read_hold<Rows>);
}

std::vector<StoredHold> HoldsTable::list(bool all) {
    const std::string rest = all ? "ORDER BY number LIMIT 1000" : "WHERE ended_at IS NULL ORDER BY number LIMIT 1000";
    return record::read_all(access_.connection.rows(Statement(hold_listing(rest))), record::read_hold<Rows>);
}

bool HoldsTable::each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) {
    Rows rows = access_.connection.rows(Statement(hold_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    return record::show_stretch(std::move(rows), HoldColumn::number, from,
                                [&](const Rows& row) { return look(record::read_hold(row), ""); });
}

}  // namespace approvekit::postgres
