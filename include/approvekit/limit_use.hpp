#pragma once

#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace approvekit {

/// What one call takes of a limit that the policy puts on it. A plain value.
struct LimitUse {
    /// Which limit it is. Rules that are for the same tools, under the same condition, and count the same over the same
    /// time by the same value have one limit, wherever they stand, and whatever it comes to.
    std::string limit;
    std::string bucket;            ///< the value that the rule counts by, as JSON; empty: none
    std::int64_t amount = 0;       ///< what the call takes when it starts, in millionths of one, from 0 on
    std::int64_t most = 0;         ///< what all calls of the bucket may take together within `per`, in millionths
    std::chrono::seconds per{};    ///< how long a start counts
    bool is_measured = true;       ///< false: the call does not say exactly what it takes, so it is beyond any limit
    Beyond beyond = Beyond::hold;  ///< what becomes of the call where it is beyond the limit
    std::string words;             ///< says so to people: "20 calls in 1 h are used up"
    std::string share;             ///< what it takes, to people who decide before that: "1 of 20 calls in 1 h"
    std::string summand = {};      ///< the path of what counts: "args.amount"; empty: the call itself
    std::string counted_by = {};   ///< the path of the value that it counts by; empty: none

    /// Whether there is room for it where nothing is used. What has none is beyond the limit at any time.
    [[nodiscard]] bool fits_alone() const noexcept { return is_measured && amount <= most; }

    /// What the metadata of a start tells of it. Without `most`, `beyond` and words, which count for nothing any more.
    /// Nothing where it tells of none, or not as this writes it: an amount below 0, a time that no policy has.
    [[nodiscard]] static std::optional<LimitUse> in(const Json& metadata);
};

/// As metadata has it; `is_beyond`: with the words.
[[nodiscard]] Json to_json_view(const LimitUse& use, bool is_beyond);
/// The same for a call that a person decides on and that starts only within its limit: with the share, and with the paths
/// of what counts.
[[nodiscard]] Json to_json_view_with_share(const LimitUse& use);
/// What the metadata of a call that a person decides on tells of its limit, `told`, once its arguments are edited: the same
/// limit, and what the call takes with these arguments, without the share. Nothing hidden counts, so what is shown will do.
/// `context` may be null.
[[nodiscard]] Json to_json_view_of_edited(Json told, const Json& arguments, const Json& context);

/// "12.5" for 12,500,000 millionths.
[[nodiscard]] std::string amount_text(std::int64_t millionths);

}  // namespace approvekit
