#include "record/limit_book.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

namespace approvekit::record {

namespace {

/// Sums stay below it, so that no addition of two is beyond what a number holds.
constexpr std::int64_t most_counted = std::numeric_limits<std::int64_t>::max() / 4;

/// From when a start at `now` counts.
std::int64_t time_behind(const std::optional<StoredUse>& last, Time now) {
    const std::int64_t at = now.time_since_epoch().count();
    return last ? std::max(at, last->at) : at;
}

/// What counts from then or earlier does not count at `at` any more.
std::int64_t end_of_count(const LimitUse& use, std::int64_t at) {
    return at - std::chrono::duration_cast<std::chrono::microseconds>(use.per).count();
}

/// What the rows from later than `since` come to. Totals that cannot be, since another program wrote them, are more than any
/// limit.
std::int64_t sum_since(Uses& uses, const LimitUse& use, const std::optional<StoredUse>& last, std::int64_t since) {
    if (!last) return 0;
    const auto first = uses.first_after(use.limit, use.bucket, since);
    if (!first) return 0;
    std::int64_t before = 0;
    std::int64_t sum = 0;
    const bool is_overflowing = __builtin_sub_overflow(first->total, first->amount, &before) ||
                                __builtin_sub_overflow(last->total, before, &sum);
    return is_overflowing || sum < 0 ? most_counted : std::min(sum, most_counted);
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
    return sum_since(uses, use, last, end_of_count(use, time_behind(last, now)));
}

bool LimitBook::has_room(const LimitUse& use) {
    return use.is_measured && fits(used_of(work_.tables.uses, use, work_.moment.now), use.amount, use.most);
}

bool LimitBook::has_room_for_approved(const LimitUse& use) {
    if (use.beyond == Beyond::deny) return has_room(use);
    return fits(used_of(work_.tables.uses, use, work_.moment.now), use.amount, most_counted);
}

void LimitBook::lower(const LimitUse& use, const StoredUse& last, std::int64_t total) {
    work_.tables.uses.lower_totals(use.limit, use.bucket, difference_of(last.total, total));
}

void LimitBook::count(const LimitUse& use, std::string_view start) {
    Uses& uses = work_.tables.uses;
    auto last = uses.last(use.limit, use.bucket);
    const std::int64_t at = time_behind(last, work_.moment.now);
    const std::int64_t since = end_of_count(use, at);
    if (last && (last->total > most_counted || last->total < -most_counted)) {
        lower(use, *last, sum_since(uses, use, last, since));
        last = uses.last(use.limit, use.bucket);
    }
    StoredUse stored;
    stored.limit = use.limit;
    stored.bucket = use.bucket;
    stored.start = start;
    stored.at = at;
    stored.amount = use.amount;
    stored.total = last ? sum_of(last->total, use.amount) : use.amount;
    uses.insert(stored);
    uses.forget(use.limit, use.bucket, since);
}

void LimitBook::give_back(std::string_view start) {
    const auto use = work_.tables.uses.find(start);
    if (use && !use->was_given_back) work_.tables.uses.give_back(*use);
}

}  // namespace approvekit::record
