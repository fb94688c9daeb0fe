#include "sqlite/holds_table.hpp"

#include "record/stop_rows.hpp"

namespace approvekit::sqlite {

using record::HoldColumn;
using record::StoredHold;

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

void HoldsTable::insert(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    insert_.run(hold.subject, hold.reason, hold.reviewer, hold.way, stored.since);
}

void HoldsTable::end(const StoredHold& stored) {
    const AuditHold& hold = stored.hold;
    end_.run(stored.ended_at, hold.ended_by, hold.ended_way, hold.subject);
}

std::optional<StoredHold> HoldsTable::find(std::string_view subject) {
    return table_.exists() ? record::read_first(find_.rows(subject), record::read_hold<Rows>) : std::nullopt;
}

std::vector<StoredHold> HoldsTable::list(bool all) {
    if (!table_.exists()) return {};
    return record::read_all(all ? all_.rows() : in_force_.rows(), record::read_hold<Rows>);
}

bool HoldsTable::each_of_stretch(std::int64_t& from,
                                 const std::function<bool(const StoredHold&, const std::string&)>& look) {
    if (!table_.exists()) return false;
    return record::show_stretch(stretch_.rows(from), HoldColumn::number, from, [&](const Rows& row) {
        return look(record::read_hold(row), row.text(HoldColumn::fault));
    });
}

}  // namespace approvekit::sqlite
