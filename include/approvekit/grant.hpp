#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace approvekit {

/// What a reviewer grants together with an approval: "and the next N calls like this, until then". A plain value.
///
/// It covers later calls of the same tool by an agent of the same name, with exactly the arguments that were approved,
/// except for the arguments in `free` and `bounds`. PolicyRule::grants limits what a reviewer may grant.
struct GrantTerms {
    std::int64_t uses = 1;               ///< how many more calls
    std::chrono::seconds lasts{};        ///< how long the grant lasts
    std::vector<std::string> free = {};  ///< paths of the arguments that may have any value: "args.to"
    /// Conditions on other arguments, keyed by path, written as under `when` in a policy: `{"args.amount": {"lte":
    /// 100}}`.
    Json bounds = Json::object();
    /// When the grant ends. If it is not set, that is `lasts` after the decision, by the clock of the record. The
    /// signature of a signed approval covers it.
    Time until{};

    /// Whether both grant the same; `until` is not compared.
    [[nodiscard]] bool is_like(const GrantTerms& other) const;

    friend bool operator==(const GrantTerms&, const GrantTerms&) = default;
};

/// Parses how long a grant lasts, in the form that policies use: whole seconds, or a text with a unit ("8h"). Returns
/// nothing for any other form, and for less than a second or more than a week.
[[nodiscard]] std::optional<std::chrono::seconds> grant_duration(const Json& value);

/// {uses, for, until, free, bounds}; `free` and `bounds` are left out when empty.
[[nodiscard]] Json to_json_view(const GrantTerms& terms);
/// The reverse. Returns nothing for anything that to_json_view() would not write.
[[nodiscard]] std::optional<GrantTerms> grant_terms_from(const Json& view);

/// A grant in the record. A plain value.
struct Grant {
    std::string id;  ///< id of the request whose approval included the grant
    std::string tool_name;
    std::string agent;                ///< name of the one agent that may use it
    Json tool_args = Json::object();  ///< as they were approved, redacted
    GrantTerms terms;
    std::string reviewer;  ///< who gave it
    std::string way;       ///< as in Decision::way
    bool is_signed = false;
    Time since{};
    std::int64_t used = 0;  ///< how many calls have started under it

    std::optional<Time> revoked_at;  ///< nothing when nobody revoked it
    std::string revoked_by;
    std::string revoked_way;

    /// Whether another call may start under it at `now`.
    [[nodiscard]] bool is_live(Time now) const noexcept {
        return !revoked_at && now < terms.until && used < terms.uses;
    }
};

/// Which grants to list: those under which a call may still start, in the order in which they end; or all, newest
/// first. At most a thousand.
enum class GrantList { live, all };

/// The grant as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Grant& grant);

}  // namespace approvekit
