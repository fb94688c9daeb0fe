#pragma once

#include "approvekit/limit_use.hpp"
#include "approvekit/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::policy {

/// What limits count in: amounts are exact, in millionths of one.
inline constexpr std::int64_t millionths_of_one = 1'000'000;

/// A number as it counts.
struct Amount {
    std::int64_t millionths = 0;
    bool is_exact = false;  ///< false: it is no number, below 0, finer than a millionth, or larger than all that counts
};

/// What `value` counts for: what is finer more than it is, and what cannot be counted nothing. Null for nothing there.
[[nodiscard]] Amount amount_of(const Json* value);

/// In the form that a policy file has.
[[nodiscard]] Json as_json(const PolicyLimit& limit);

/// What a rule's limit says, for its effect in words: ", 20 calls in 1 h, beyond that held". Empty for none.
[[nodiscard]] std::string limit_text(const PolicyRule& rule);

/// The arguments of a call and its context, null for none. Borrows both.
struct CallParts {
    const Json& arguments;
    const Json& context;
};

/// What a call comes to, and the value that it counts by, as JSON; empty: none.
struct Measure {
    Amount amount{millionths_of_one, true};
    std::string bucket;
};

/// Of the shares of `limit` its paths alone are asked.
[[nodiscard]] Measure measured(const PolicyLimit& limit, const CallParts& call);

/// Which limit a rule has, for a rule that has one: the same limit in a policy that was put in another order, or allows more
/// or less by it, goes on counting.
[[nodiscard]] std::string limit_id(const PolicyRule& rule);

/// What a call takes of the limit of its rule; nothing where that has none. `shown` is what the record shows of the call,
/// so that nothing hidden comes into it. Where `judged`, which nothing is hidden of, comes to another amount or counts by
/// another value, hiding would choose what the call takes: it is beyond any limit then. Pass the same objects twice where
/// nothing is hidden.
[[nodiscard]] std::optional<LimitUse> limit_use(const Ruling& ruling, const CallParts& shown, const CallParts& judged);

/// The same of a call that is to be shown as the rule says. Throws what redact() throws.
[[nodiscard]] std::optional<LimitUse> limit_use(const Ruling& ruling, const CallFacts& facts);

/// A limit that counts what is hidden.
struct LimitFault {
    std::size_t rule = 0;
    std::string key;  ///< sum or by
    std::string message;

    /// "rules[2].limit.sum"
    [[nodiscard]] std::string path() const;
};

/// Those of all rules: what one of a name hides, each of them hides, and so does a rule that holds what none of the rules
/// of a more specific name matches.
[[nodiscard]] std::vector<LimitFault> find_limit_faults(const std::vector<PolicyRule>& rules);

}  // namespace approvekit::policy
