#include "sqlite/holds_table.hpp"

namespace approvekit::sqlite {

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

}  // namespace

std::string HoldsTable::listing(const char* rest) {
    return std::string(
               "SELECT subject, reason, reviewer, way, since, ended_at, ended_by, ended_way FROM "
               "approvekit_archive_holds ") +
           rest;
}

bool HoldsTable::exists() {
    if (!exists_) exists_ = exists_query_.rows().next();
    return exists_;
}

void HoldsTable::insert(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    insert_.run(hold.subject, hold.reason, hold.reviewer, hold.way, stored.since);
}

void HoldsTable::end(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    end_.run(stored.ended_at, hold.ended_by, hold.ended_way, hold.subject);
}

std::optional<StoredHold> HoldsTable::find(std::string_view subject) {
    if (!exists()) return std::nullopt;
    Rows rows = find_.rows(subject);
    return rows.next() ? std::optional(read_hold(rows)) : std::nullopt;
}

std::vector<StoredHold> HoldsTable::list(bool all) {
    std::vector<StoredHold> holds;
    if (!exists()) return holds;
    Rows rows = all ? all_.rows() : in_force_.rows();
    while (rows.next())
        holds.push_back(read_hold(rows));
    return holds;
}

}  // namespace approvekit::sqlite
