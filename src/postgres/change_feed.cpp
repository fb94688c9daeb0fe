#include "postgres/change_feed.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::postgres {

namespace {

constexpr std::int64_t remembered = 10000;

/// The columns of the query for changes, in its order.
struct ChangeColumn {
    enum : int { seq, written_by, request_id, status };
};

Change change_in(const Rows& rows) {
    return {rows.text(ChangeColumn::request_id),
            parse_approval_status(rows.bytes(ChangeColumn::status)).value_or(ApprovalStatus::cancelled)};
}

/// Compares numbers of transactions that are texts; a longer text is a higher number.
bool is_before(const std::string& one, const std::string& other) {
    return one.size() != other.size() ? one.size() < other.size() : one < other;
}

}  // namespace

std::vector<Change> ChangeFeed::look() {
    const bool is_first = oldest_writer_.empty();
    // The oldest writer first, so that a transaction that ends between the two statements is found again next time.
    std::vector<Statement> statements{
        Statement("SELECT pg_snapshot_xmin(pg_current_snapshot()), (SELECT coalesce(max(seq), 0) FROM "
                  "approvekit.approvekit_changes)"),
        Statement("SELECT seq, written_by, request_id, status FROM approvekit.approvekit_changes WHERE written_by >= "
                  "coalesce($1::xid8, pg_snapshot_xmin(pg_current_snapshot())) ORDER BY seq",
                  is_first ? std::nullopt : std::optional(oldest_writer_))};
    std::vector<Rows> answers = connection_.rows_of(std::move(statements));
    answers[0].next();
    const std::int64_t latest = answers[0].integer(1);
    if (is_first) last_ = latest;
    const bool has_gap = latest - last_ > remembered;
    std::vector<Change> changes;
    if (is_first || has_gap) changes.emplace_back();
    Rows& rows = answers[1];
    while (rows.next()) {
        const std::int64_t number = rows.integer(ChangeColumn::seq);
        if (!told_.emplace(number, rows.text(ChangeColumn::written_by)).second) continue;
        last_ = std::max(last_, number);
        if (!is_first) changes.push_back(change_in(rows));
    }
    oldest_writer_ = answers[0].text(0);
    std::erase_if(told_, [&](const auto& one) { return is_before(one.second, oldest_writer_); });
    return changes;
}

void ChangeFeed::start_over() {
    oldest_writer_.clear();
    told_.clear();
}

void ChangeFeed::forget_old(Connection& connection) {
    connection.write_alone(Statement(
        "DELETE FROM approvekit.approvekit_changes WHERE seq IN (SELECT seq FROM approvekit.approvekit_changes WHERE "
        "seq <= (SELECT max(seq) - $1 FROM approvekit.approvekit_changes) FOR UPDATE SKIP LOCKED)",
        remembered));
}

}  // namespace approvekit::postgres
