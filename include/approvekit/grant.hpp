#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// What a reviewer grants beside an approval: "and the next N calls like this, until then" (G17). A plain value.
///
/// Later calls of the same tool, by the agent of the same name, with the arguments that were approved: exactly these, but
/// for those that are named here. What a rule lets a reviewer grant at most, PolicyRule::grants says.
struct GrantTerms {
    std::int64_t uses = 1;               ///< how many calls more
    std::chrono::seconds lasts{};        ///< for how long
    std::vector<std::string> free = {};  ///< the arguments that may be anything, by their paths: "args.to"
    /// What other arguments must be, by their paths, as under `when` in a policy: `{"args.amount": {"lte": 100}}`.
    Json bounds = Json::object();
    /// When it ends. Reviewer sets it, `lasts` from then on; the signature of a signed approval covers it.
    Time until{};

    /// Whether both grant the same, from whatever time on.
    [[nodiscard]] bool is_like(const GrantTerms& other) const;

    friend bool operator==(const GrantTerms&, const GrantTerms&) = default;
};

/// How long a grant is to last, as a policy says such times: whole seconds, or a text with a unit ("8h"). Nothing for what
/// is not so, or not from a second to a week.
[[nodiscard]] std::optional<std::chrono::seconds> grant_duration(const Json& value);

/// {uses, for, until, free, bounds}, without what says nothing.
[[nodiscard]] Json to_json_view(const GrantTerms& terms);
/// The reverse; nothing for whatever that does not write.
[[nodiscard]] std::optional<GrantTerms> grant_terms_from(const Json& view);

/// A grant on record. A plain value.
struct Grant {
    std::string id;  ///< of the request with whose approval it was given
    std::string tool_name;
    std::string agent;                ///< the name of the one agent for which it counts
    Json tool_args = Json::object();  ///< as they were approved, redacted
    GrantTerms terms;
    std::string reviewer;  ///< whose grant it is
    std::string way;       ///< as that of a decision
    bool is_signed = false;
    Time since{};
    std::int64_t used = 0;  ///< how many calls started by way of it

    std::optional<Time> revoked_at;  ///< nothing for one that nobody revoked
    std::string revoked_by;
    std::string revoked_way;

    /// Whether it may let another call start then.
    [[nodiscard]] bool is_live(Time now) const noexcept {
        return !revoked_at && now < terms.until && used < terms.uses;
    }
};

/// Which grants to list: those that may let a call start, the next to end first, or all of them, newest first; a thousand
/// at most.
enum class GrantList { live, all };

/// The grant as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Grant& grant);

}  // namespace approvekit
