#pragma once

#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace approvekit {

/// How much of its limit a call uses. A plain value.
struct LimitUse {
    /// Identifies the limit. Rules share one limit if they are for the same tools, under the same condition, and count
    /// the same thing over the same time by the same value. Where the rule is in the policy, and how high the limit is,
    /// do not matter.
    std::string limit;
    std::string bucket;            ///< the value that the rule counts by, as JSON; empty: none
    std::int64_t amount = 0;       ///< what the call uses when it starts, in millionths, at least 0
    std::int64_t most = 0;         ///< what all calls of the bucket may use together within `per`, in millionths
    std::chrono::seconds per{};    ///< how long a started call counts
    bool is_measured = true;       ///< false: what the call uses cannot be told exactly, so it exceeds any limit
    Beyond beyond = Beyond::hold;  ///< what happens to the call when it exceeds the limit
    std::string words;             ///< says for people that the limit is exceeded: "20 calls in 1 h are used up"
    std::string share;             ///< what the call uses, for people who decide on it: "1 of 20 calls in 1 h"
    std::string summand = {};      ///< path of the value that is added up: "args.amount"; empty: calls are counted
    std::string counted_by = {};   ///< path of the value that the limit is counted by; empty: none

    /// Whether the call would fit if nothing else were used. If not, it always exceeds the limit.
    [[nodiscard]] bool fits_alone() const noexcept { return is_measured && amount <= most; }

    /// Reads the use from the metadata of a started call, without `most`, `beyond` and the texts, which no longer
    /// matter. Returns nothing when the metadata has none, or has one in a form that to_json_view() does not write: an
    /// amount below 0, or a time that no policy can have.
    [[nodiscard]] static std::optional<LimitUse> in(const Json& metadata);
};

/// The form used in metadata. `is_beyond`: includes `words`.
[[nodiscard]] Json to_json_view(const LimitUse& use, bool is_beyond);
/// The same for a call that a person decides on and that starts only within its limit: includes `share` and the paths
/// `summand` and `counted_by`.
[[nodiscard]] Json to_json_view_with_share(const LimitUse& use);
/// `told` is the limit in the metadata of a call that a person decides on. Returns it for edited arguments: the same
/// limit with what the call uses with these arguments, without the share. The arguments as shown are enough, since
/// hidden values never count. `context` may be null.
[[nodiscard]] Json to_json_view_of_edited(Json told, const Json& arguments, const Json& context);

/// Converts millionths to text: "12.5" for 12,500,000.
[[nodiscard]] std::string amount_text(std::int64_t millionths);

}  // namespace approvekit
