#pragma once

#include "approvekit/limit_use.hpp"
#include "record/tables.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace approvekit::record {

/// Whether a use that counts from `at` does not count any more at `now`, both in microseconds since 1970.
[[nodiscard]] inline bool is_use_over(const LimitUse& use, std::int64_t at, std::int64_t now) noexcept {
    const std::int64_t time = std::chrono::duration_cast<std::chrono::microseconds>(use.per).count();
    std::int64_t since = 0;
    return !__builtin_sub_overflow(now, time, &since) && since >= at;
}

/// For one bucket, which is identified by its limit and its name: up to which time its rows do not count any more, and
/// how many those are.
struct OverUses {
    std::int64_t at = 0;
    std::int64_t rows = 0;
};
using OverBuckets = std::map<std::pair<std::string, std::string>, OverUses>;

/// Looks at one stretch of what starts took of limits, as Requests::each_of_stretch; adds what does not count any more
/// at `now`.
bool find_over_uses(Tables& tables, std::int64_t now, std::int64_t& from, OverBuckets& found);

}  // namespace approvekit::record
