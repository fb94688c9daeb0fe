#pragma once

#include "approvekit/limit_use.hpp"
#include "record/unit_of_work.hpp"

#include <cstdint>
#include <string_view>

namespace approvekit::record {

/// Counts what starts take of limits, and says whether there is room for one more. Refers to the unit of work, which must
/// outlive it; its owner commits.
class LimitBook {
public:
    explicit LimitBook(UnitOfWork& work) noexcept : work_(work) {}

    /// Whether the call is within its limit.
    [[nodiscard]] bool has_room(const LimitUse& use);
    /// The same of a call that a person approved: where the limit has people decide beyond it, only what could not be
    /// counted any more is.
    [[nodiscard]] bool has_room_for_approved(const LimitUse& use);

    /// The call starts now: its intent has the entry `start`, or it is the request with that id.
    void count(const LimitUse& use, std::string_view start);
    /// It did not start after all. Nothing for one that took of no limit.
    void give_back(std::string_view start);

private:
    /// Has the bucket's totals end with `total`, which what counts comes to.
    void lower(const LimitUse& use, const StoredUse& last, std::int64_t total);

    UnitOfWork& work_;
};

/// What is used of the limit and bucket of `use` at `now`, in millionths. A clock that was set back gives nothing back:
/// what counts from later still counts.
[[nodiscard]] std::int64_t used_of(Uses& uses, const LimitUse& use, Time now);

}  // namespace approvekit::record
