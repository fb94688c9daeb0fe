#pragma once

#include "approvekit/limit_use.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace approvekit::record {

/// What counts of a bucket at some time.
struct CountedUses {
    std::int64_t sum = 0;
    bool has_older = false;  ///< rows that do not count any more are there still
};

/// Counts what a start takes of a limit, and says whether there is room for it. For one start: it looks into the table once,
/// when it is made. Refers to the unit of work and to the use, which must outlive it; the owner of the work commits.
class LimitBook {
public:
    LimitBook(UnitOfWork& work, const LimitUse& use);

    /// Whether the call is within its limit.
    [[nodiscard]] bool has_room() const noexcept;
    /// The same of a call that a person approved: where the limit has people decide beyond it, only what could not be
    /// counted any more is.
    [[nodiscard]] bool has_room_for_approved() const noexcept;

    /// The call starts now: its intent has the entry `start`, or it is the request with that id.
    void count(std::string_view start);

private:
    /// Has the bucket's totals end with what counts.
    void lower_totals();

    Uses& uses_;
    const LimitUse& use_;
    std::optional<StoredUse> last_;  ///< of the bucket
    std::int64_t at_;                ///< from when the call counts
    CountedUses counted_;
};

/// What started did not, after all: its intent has the entry `start`, or it is the request with that id. Nothing for one
/// that took of no limit.
void give_back(Uses& uses, std::string_view start);

/// What is used of the limit and bucket of `use` at `now`, in millionths. A clock that was set back gives nothing back:
/// what counts from later still counts.
[[nodiscard]] std::int64_t used_of(Uses& uses, const LimitUse& use, Time now);

}  // namespace approvekit::record
