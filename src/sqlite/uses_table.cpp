#include "sqlite/uses_table.hpp"

#include "record/use_rows.hpp"
#include "sqlite/query.hpp"

#include <utility>

namespace approvekit::sqlite {

using record::StoredUse;
using record::UseColumn;

namespace {

std::optional<StoredUse> first_of(Rows rows) {
    return record::read_first(std::move(rows), record::read_use<Rows>);
}

}  // namespace

std::string UsesTable::listing(const std::string& more_columns, const char* rest) {
    return "SELECT number, limit_id, bucket, start, at, amount, total, was_given_back" + more_columns +
           " FROM approvekit_uses " + rest;
}

std::string UsesTable::misfit() {
    return storage_class_fault({{"limit_id", "limit_id", "'text'"},
                                {"bucket", "bucket", "'text'"},
                                {"start", "start", "'text'"},
                                {"at", "at", "'integer'"},
                                {"amount", "amount", "'integer'"},
                                {"total", "total", "'integer'"},
                                {"was_given_back", "was_given_back", "'integer'"}});
}

void UsesTable::insert(const StoredUse& use) {
    insert_.run(use.limit, use.bucket, use.start, use.at, use.amount, use.total);
}

std::optional<StoredUse> UsesTable::last(std::string_view limit, std::string_view bucket) {
    return table_.exists() ? first_of(last_.rows(limit, bucket)) : std::nullopt;
}

std::optional<StoredUse> UsesTable::first_after(std::string_view limit, std::string_view bucket, std::int64_t at) {
    return table_.exists() ? first_of(first_after_.rows(limit, bucket, at)) : std::nullopt;
}

std::optional<StoredUse> UsesTable::before(const StoredUse& use) {
    return first_of(before_.rows(use.limit, use.bucket, use.at, use.number));
}

std::optional<StoredUse> UsesTable::find(std::string_view start) {
    return table_.exists() ? first_of(find_.rows(start)) : std::nullopt;
}

void UsesTable::give_back(const StoredUse& use) {
    lower_from_.run(use.amount, use.limit, use.bucket, use.at, use.number);
    clear_.run(use.number);
}

void UsesTable::lower_totals(std::string_view limit, std::string_view bucket, std::int64_t by) {
    lower_all_.run(by, limit, bucket);
}

void UsesTable::forget(std::string_view limit, std::string_view bucket, std::int64_t at) {
    forget_.run(limit, bucket, at);
}

bool UsesTable::each_of_stretch(std::int64_t& from, const record::Look<StoredUse>& look) {
    if (!table_.exists()) return false;
    return record::show_stretch(stretch_.rows(from), UseColumn::number, from, [&](const Rows& row) {
        return look(record::read_use(row), row.text(UseColumn::fault));
    });
}

}  // namespace approvekit::sqlite
