#include "sqlite/holds_table.hpp"

#include <limits>

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

std::string HoldsTable::listing(const char* rest, const std::string& more_columns) {
    return "SELECT subject, reason, reviewer, way, since, ended_at, ended_by, ended_way" + more_columns +
           " FROM approvekit_archive_holds " + rest;
}

std::string HoldsTable::misfit() {
    return storage_class_fault({{"subject", "subject", "'text'"},
                                {"reason", "reason", "'text'"},
                                {"reviewer", "reviewer", "'text'"},
                                {"way", "way", "'text'"},
                                {"since", "since", "'text'"},
                                {"ended_at", "ended_at", "'text', 'null'"},
                                {"ended_by", "ended_by", "'text', 'null'"},
                                {"ended_way", "ended_way", "'text', 'null'"}});
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

bool HoldsTable::each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) {
    if (!exists()) return false;
    Rows rows = stretch_.rows(from);
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t number = rows.integer(8);
        if (!look(read_hold(rows), rows.text(9)) || number == std::numeric_limits<std::int64_t>::max()) return false;
        from = number + 1;
    }
    return any;
}

}  // namespace approvekit::sqlite
