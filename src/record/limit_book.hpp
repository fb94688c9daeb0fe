#pragma once

#include "approvekit/limit_use.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace approvekit::record {

/// What counts in a bucket at some time.
struct CountedUses {
    std::int64_t sum = 0;
    bool has_older = false;  ///< there are rows that do not count any more
};

/// Counts what one start takes of a limit, and tells whether the limit has room for it. Made for one start: reads the
/// table once, when it is constructed. Refers to the unit of work and to the use, which must outlive it. The owner of
/// the unit of work commits.
class LimitBook {
public:
    LimitBook(UnitOfWork& work, const LimitUse& use);

    /// Whether the call is within its limit.
    [[nodiscard]] bool has_room() const noexcept;
    /// The same for a call that a person approved. If the limit lets people decide beyond it, there is no room only if
    /// the sum would become too large to count.
    [[nodiscard]] bool has_room_for_approved() const noexcept;

    /// The call starts now; `start` is the entry id of its intent, or the request's id.
    void count(std::string_view start);

private:
    /// Lowers the bucket's totals, so that the last one equals the sum that counts.
    void lower_totals();

    Uses& uses_;
    const LimitUse& use_;
    std::optional<StoredUse> last_;  ///< of the bucket
    std::int64_t at_;                ///< the time from which the call counts
    CountedUses counted_;
};

/// The call did not start after all; `start` is the entry id of its intent, or the request's id. Does nothing if it
/// took nothing of a limit.
void give_back(Uses& uses, std::string_view start);

/// Returns what is used of the limit and bucket of `use` at `now`, in millionths. Setting a clock back frees nothing:
/// uses that count from a later time still count.
[[nodiscard]] std::int64_t used_of(Uses& uses, const LimitUse& use, Time now);

}  // namespace approvekit::record
