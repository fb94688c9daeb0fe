#include "postgres/holds_table.hpp"

#include <limits>
#include <string>

namespace approvekit::postgres {

using record::StoredHold;

namespace {

StoredHold read_hold(const Rows& rows) {
    StoredHold stored;
    AuditHold& hold = stored.hold;
    hold.subject = rows.text(0);
    hold.reason = rows.text(1);
    hold.reviewer = rows.text(2);
    hold.way = rows.text(3);
    stored.since = rows.text(4);
    hold.since = parse_time(stored.since).value_or(Time{});
    if (rows.is_null(5)) return stored;
    stored.ended_at = rows.text(5);
    hold.ended_at = parse_time(stored.ended_at).value_or(Time{});
    hold.ended_by = rows.text(6);
    hold.ended_way = rows.text(7);
    return stored;
}

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
        "$4, "
        "$5)",
        hold.subject, hold.reason, hold.reviewer, hold.way, stored.since);
}

void HoldsTable::end(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    access_.connection.queue(
        "UPDATE approvekit.approvekit_archive_holds SET ended_at = $1, ended_by = $2, ended_way = $3 WHERE subject = "
        "$4 "
        "AND ended_at IS NULL",
        stored.ended_at, hold.ended_by, hold.ended_way, hold.subject);
}

std::optional<StoredHold> HoldsTable::find(std::string_view subject) {
    const std::string lock = access_.locks ? " FOR UPDATE" : "";
    Rows rows = access_.connection.rows(
        Statement(hold_listing("WHERE subject = $1 ORDER BY number DESC LIMIT 1" + lock), subject));
    return rows.next() ? std::optional(read_hold(rows)) : std::nullopt;
}

std::vector<StoredHold> HoldsTable::list(bool all) {
    const std::string rest = all ? "ORDER BY number LIMIT 1000" : "WHERE ended_at IS NULL ORDER BY number LIMIT 1000";
    Rows rows = access_.connection.rows(Statement(hold_listing(rest)));
    std::vector<StoredHold> holds;
    while (rows.next())
        holds.push_back(read_hold(rows));
    return holds;
}

bool HoldsTable::each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) {
    Rows rows = access_.connection.rows(Statement(hold_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(8);
        if (!look(read_hold(rows), "") || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::postgres
