#pragma once

#include "record/retention_tables.hpp"
#include "record/rows.hpp"
#include "record/stored_rows.hpp"

/// The rows of what people put in force and end again: stops and holds.
namespace approvekit::record {

/// The columns that both have, in their order, and their number.
struct PeriodColumn {
    enum : int { reason, reviewer, way, since, ended_at, ended_by, ended_way, count };
};

/// Reads them, starting at the column `first`, into `stored` and into `subject`, the stop or hold in it.
template <StoredRows Rows, typename Stored, typename Subject>
void read_period(const Rows& row, int first, Stored& stored, Subject& subject) {
    subject.reason = row.text(first + PeriodColumn::reason);
    subject.reviewer = row.text(first + PeriodColumn::reviewer);
    subject.way = row.text(first + PeriodColumn::way);
    stored.since = row.text(first + PeriodColumn::since);
    subject.since = parse_time(stored.since).value_or(Time{});
    if (row.is_null(first + PeriodColumn::ended_at)) return;
    stored.ended_at = row.text(first + PeriodColumn::ended_at);
    subject.ended_at = parse_time(stored.ended_at).value_or(Time{});
    subject.ended_by = row.text(first + PeriodColumn::ended_by);
    subject.ended_way = row.text(first + PeriodColumn::ended_way);
}

/// The columns of a query on approvekit_stops, in its order.
struct StopColumn {
    enum : int {
        stop_id,
        tool,
        agent,
        period,                                                   ///< the first of PeriodColumn
        number = period + static_cast<int>(PeriodColumn::count),  ///< only in stretches, as the next one
        fault  ///< only from an engine whose columns may hold any type
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredStop read_stop(const Rows& row) {
    StoredStop stored;
    stored.stop.id = row.text(StopColumn::stop_id);
    stored.stop.tool = row.text(StopColumn::tool);
    stored.stop.agent = row.text(StopColumn::agent);
    read_period(row, StopColumn::period, stored, stored.stop);
    return stored;
}

/// The columns of a query on approvekit_archive_holds, in its order.
struct HoldColumn {
    enum : int {
        subject,
        period,  ///< as StopColumn::period, as the next two
        number = period + static_cast<int>(PeriodColumn::count),
        fault
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredHold read_hold(const Rows& row) {
    StoredHold stored;
    stored.hold.subject = row.text(HoldColumn::subject);
    read_period(row, HoldColumn::period, stored, stored.hold);
    return stored;
}

}  // namespace approvekit::record
