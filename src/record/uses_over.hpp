#pragma once

#include "approvekit/limit_use.hpp"
#include "record/tables.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace approvekit::record {

/// Whether what counts from `at` counts no more at `now`, both in microseconds since 1970.
[[nodiscard]] inline bool is_use_over(const LimitUse& use, std::int64_t at, std::int64_t now) noexcept {
    const std::int64_t time = std::chrono::duration_cast<std::chrono::microseconds>(use.per).count();
    std::int64_t since = 0;
    return !__builtin_sub_overflow(now, time, &since) && since >= at;
}

/// Up to when the rows of a bucket count no more.
struct OverUses {
    std::string limit;
    std::string bucket;
    std::int64_t at = 0;
};

/// Looks at a stretch of what starts took of limits, as Requests::each_of_stretch; adds what is over at `now`.
bool find_over_uses(Tables& tables, std::int64_t now, std::int64_t& from, std::vector<OverUses>& found);

}  // namespace approvekit::record
