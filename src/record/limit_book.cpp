#include "record/limit_book.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace approvekit::record {

namespace {

/// Sums stay below it, so that adding two of them cannot overflow.
constexpr std::int64_t most_counted = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();

/// The time from which a start at `now` counts.
std::int64_t time_behind(const std::optional<StoredUse>& last, Time now) {
    const std::int64_t at = now.time_since_epoch().count();
    return last ? std::max(at, last->at) : at;
}

/// A use that counts from this time or earlier does not count at `at` any more.
std::int64_t end_of_count(const LimitUse& use, std::int64_t at) {
    return at - std::chrono::duration_cast<std::chrono::microseconds>(use.per).count();
}

/// Returns the sum of the rows from `first` to `last`. Impossible totals, which another program must have written, come
/// out above any limit.
std::int64_t sum_of_rows(const StoredUse& first, const StoredUse& last) {
    std::int64_t before = 0;
    std::int64_t sum = 0;
    const bool is_overflowing =
        __builtin_sub_overflow(first.total, first.amount, &before) || __builtin_sub_overflow(last.total, before, &sum);
    return is_overflowing || sum < 0 ? most_counted : std::min(sum, most_counted);
}

/// Most often every row of the bucket counts, and then the first query is enough.
CountedUses counted_since(Uses& uses, const LimitUse& use, const std::optional<StoredUse>& last, std::int64_t since) {
    if (!last) return {};
    auto first = uses.first_after(use.limit, use.bucket, before_all);
    const bool has_older = !first || first->at <= since;
    if (has_older) first = uses.first_after(use.limit, use.bucket, since);
    return {.sum = first ? sum_of_rows(*first, *last) : 0, .has_older = has_older};
}

StorageError not_countable() {
    return StorageError(ErrorCode::storage_corrupt, "what the record says of the use of a limit cannot be added up");
}

std::int64_t sum_of(std::int64_t one, std::int64_t other) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(one, other, &sum)) throw not_countable();
    return sum;
}

std::int64_t difference_of(std::int64_t one, std::int64_t other) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(one, other, &difference)) throw not_countable();
    return difference;
}

bool fits(std::int64_t used, std::int64_t amount, std::int64_t most) {
    return amount >= 0 && amount <= most_counted && used + amount <= most;
}

}  // namespace

std::int64_t used_of(Uses& uses, const LimitUse& use, Time now) {
    const auto last = uses.last(use.limit, use.bucket);
    return counted_since(uses, use, last, end_of_count(use, time_behind(last, now))).sum;
}

void give_back(Uses& uses, std::string_view start) {
    const auto use = uses.find(start);
    if (use && !use->was_given_back) uses.give_back(*use);
}

LimitBook::LimitBook(UnitOfWork& work, const LimitUse& use)
    : uses_(work.tables.uses),
      use_(use),
      last_(uses_.last(use.limit, use.bucket)),
      at_(time_behind(last_, work.moment.now)),
      counted_(counted_since(uses_, use, last_, end_of_count(use, at_))) {}

bool LimitBook::has_room() const noexcept {
    return use_.is_measured && fits(counted_.sum, use_.amount, use_.most);
}

bool LimitBook::has_room_for_approved() const noexcept {
    return use_.beyond == Beyond::deny ? has_room() : fits(counted_.sum, use_.amount, most_counted);
}

void LimitBook::lower_totals() {
    uses_.lower_totals(use_.limit, use_.bucket, difference_of(last_->total, counted_.sum));
    last_->total = counted_.sum;
}

void LimitBook::count(std::string_view start) {
    const bool is_far = last_ && (last_->total > most_counted || last_->total < -most_counted);
    if (is_far) lower_totals();
    StoredUse stored;
    stored.limit = use_.limit;
    stored.bucket = use_.bucket;
    stored.start = start;
    stored.at = at_;
    stored.amount = use_.amount;
    stored.total = last_ ? sum_of(last_->total, use_.amount) : use_.amount;
    uses_.insert(stored);
    if (counted_.has_older) uses_.forget(use_.limit, use_.bucket, end_of_count(use_, at_));
}

}  // namespace approvekit::record
