#include "postgres/uses_table.hpp"

#include "record/use_rows.hpp"

namespace approvekit::postgres {

using record::StoredUse;
using record::UseColumn;

namespace {

std::string use_listing(const char* rest) {
    return std::string(
               "SELECT number, limit_id, bucket, start, at, amount, total, was_given_back FROM "
               "approvekit.approvekit_uses ") +
           rest;
}

}  // namespace

template <typename... Values>
std::optional<StoredUse> UsesTable::first(const char* rest, const Values&... values) {
    return record::read_first(access_.connection.rows(Statement(use_listing(rest), values...)), record::read_use<Rows>);
}

void UsesTable::own_bucket(std::string_view limit, std::string_view bucket) {
    if (!access_.locks || !owned_.emplace(limit, bucket).second) return;
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_buckets(limit_id, bucket_hash) VALUES ($1, hashtextextended($2, 0)) ON "
        "CONFLICT (limit_id, bucket_hash) DO UPDATE SET limit_id = excluded.limit_id",
        limit, bucket);
}

void UsesTable::lock(const std::vector<std::pair<std::string, std::string>>& buckets) {
    for (const auto& [limit, bucket] : buckets)
        own_bucket(limit, bucket);
}

void UsesTable::insert(const StoredUse& use) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_uses(limit_id, bucket, start, at, amount, total) VALUES ($1, $2, $3, $4, "
        "$5, $6)",
        use.limit, use.bucket, use.start, use.at, use.amount, use.total);
}

std::optional<StoredUse> UsesTable::last(std::string_view limit, std::string_view bucket) {
    own_bucket(limit, bucket);
    return first(
        "WHERE limit_id = $1 AND hashtextextended(bucket, 0) = hashtextextended($2, 0) AND bucket = $2 ORDER BY at "
        "DESC, number DESC LIMIT 1",
        limit, bucket);
}

std::optional<StoredUse> UsesTable::first_after(std::string_view limit, std::string_view bucket, std::int64_t at) {
    return first(
        "WHERE limit_id = $1 AND hashtextextended(bucket, 0) = hashtextextended($2, 0) AND bucket = $2 AND at > $3 "
        "ORDER BY at, number LIMIT 1",
        limit, bucket, at);
}

std::optional<StoredUse> UsesTable::before(const StoredUse& use) {
    return first(
        "WHERE limit_id = $1 AND hashtextextended(bucket, 0) = hashtextextended($2, 0) AND bucket = $2 AND (at, "
        "number) < ($3, $4) ORDER BY at DESC, "
        "number DESC LIMIT 1",
        use.limit, use.bucket, use.at, use.number);
}

std::optional<StoredUse> UsesTable::find(std::string_view start) {
    return first("WHERE start = $1 ORDER BY number LIMIT 1", start);
}

void UsesTable::give_back(const StoredUse& use) {
    own_bucket(use.limit, use.bucket);
    access_.connection.queue(
        "UPDATE approvekit.approvekit_uses SET total = total - $1 WHERE limit_id = $2 AND hashtextextended(bucket, 0) "
        "= hashtextextended($3, 0) AND bucket = $3 AND (at, number) >= ($4, $5)",
        use.amount, use.limit, use.bucket, use.at, use.number);
    access_.connection.queue(
        "UPDATE approvekit.approvekit_uses SET amount = 0, was_given_back = true WHERE number = $1", use.number);
}

void UsesTable::lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_uses SET total = total - $1 WHERE limit_id = $2 AND hashtextextended(bucket, 0) "
        "= hashtextextended($3, 0) AND "
        "bucket = $3",
        by, limit, bucket);
}

void UsesTable::forget(std::string_view limit, std::string_view bucket, std::int64_t at) {
    access_.connection.queue(
        "DELETE FROM approvekit.approvekit_uses WHERE number IN (SELECT number FROM approvekit.approvekit_uses WHERE "
        "limit_id = $1 AND hashtextextended(bucket, 0) = hashtextextended($2, 0) AND bucket = $2 AND at <= $3 ORDER BY "
        "at, number LIMIT 100)",
        limit, bucket, at);
}

bool UsesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredUse>& look) {
    Rows rows = access_.connection.rows(Statement(use_listing("WHERE number >= $1 ORDER BY number LIMIT 1000"), from));
    return record::show_stretch(std::move(rows), UseColumn::number, from,
                                [&](const Rows& row) { return look(record::read_use(row), ""); });
}

}  // namespace approvekit::postgres
