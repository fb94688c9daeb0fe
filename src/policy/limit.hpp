#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// The unit of limits: amounts are exact, in millionths of one.
inline constexpr std::int64_t millionths_of_one = 1'000'000;

/// A number as limits count it.
struct Amount {
    std::int64_t millionths = 0;
    /// False if it is not a number, below 0, finer than a millionth, or larger than all that counts.
    bool is_exact = false;
};

/// Returns the amount for which `value` counts: rounded up if it is finer than a millionth, cut off if it is larger
/// than all that counts, and nothing if it cannot be counted. Null means that there is no value.
[[nodiscard]] Amount amount_of(const Json* value);

/// Returns the form of a policy file.
[[nodiscard]] Json as_json(const PolicyLimit& limit);

/// Returns what a rule's limit says, for the description of the rule's effect: ", 20 calls in 1 h, beyond that held".
/// Empty if there is no limit.
[[nodiscard]] std::string limit_text(const PolicyRule& rule);

/// The arguments of a call, and its context, which is null if there is none. Borrows both.
struct CallParts {
    const Json& arguments;
    const Json& context;
};

/// What a call counts for, and the value by which it is counted, as JSON; empty if there is none.
struct Measure {
    Amount amount{millionths_of_one, true};
    std::string bucket;
};

/// Looks only at the paths of `limit`, not at its amounts.
[[nodiscard]] Measure measured(const PolicyLimit& limit, const CallParts& call);

/// Identifies the limit of a rule that has one. A limit goes on counting in a policy that was reordered, or in which
/// the same limit allows more or less.
[[nodiscard]] std::string limit_id(const PolicyRule& rule);

/// Returns what a call takes of the limit of its rule, or nothing if the rule has no limit. `shown` is what the record
/// shows of the call, so that nothing hidden gets into the result. `judged` is the call with nothing hidden. If
/// `judged` comes to another amount, or counts by another value, hiding would decide what the call takes, so the call
/// is beyond any limit. Pass the same objects twice if nothing is hidden.
[[nodiscard]] std::optional<LimitUse> limit_use(const Ruling& ruling, const CallParts& shown, const CallParts& judged);

/// Does the same for a call that is to be shown as its rule says. Throws what redact() throws.
[[nodiscard]] std::optional<LimitUse> limit_use(const Ruling& ruling, const CallFacts& facts);

/// A limit that counts something hidden.
struct LimitFault {
    std::size_t rule = 0;
    std::string key;  ///< "sum" or "by"
    std::string message;

    /// "rules[2].limit.sum"
    [[nodiscard]] std::string path() const;
};

/// Finds these faults in all rules. What one rule of a name hides, every rule of that name hides. So does a rule that
/// holds the calls which no rule of a more specific name matches.
[[nodiscard]] std::vector<LimitFault> find_limit_faults(const std::vector<PolicyRule>& rules);

}  // namespace approvekit::policy
