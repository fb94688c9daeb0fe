#pragma once

#include "approvekit/call.hpp"
#include "approvekit/json.hpp"
#include "approvekit/limit_use.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace approvekit::detail {

/// What the agent adds to the metadata that the policy gives to a call. Borrows all of it.
struct CallMetadata {
    const Json& context;  ///< null for none
    const Call* call;     ///< null for none
    std::span<const std::string> order;
    const std::optional<LimitUse>& use;  ///< what it takes of a limit
    bool is_beyond_limit = false;        ///< and that it is held for that
    bool is_held = false;                ///< and that people decide on it whether there is room or not
    const Json& grant;                   ///< by which grant it runs, or why none lets it run; null for none

    /// Whether the policy's own text can stand as it is.
    [[nodiscard]] bool is_empty() const;

    /// `policy_text` is the rule's metadata, `timeout` the rule's.
    [[nodiscard]] Json added_to(const std::string& policy_text, std::chrono::seconds timeout) const;
};

/// The stricter of what the policy and the call say. `call` may be null.
[[nodiscard]] std::chrono::seconds shorter_timeout(const Call* call, std::chrono::seconds timeout);

/// Cuts the reason of a context to what is kept of it, once nothing in it has to be found any more.
void shorten_reason(Json& context);

/// Where the quorum in `metadata` leaves out whoever the call is made for, puts their name there; `call` may be null.
///
/// Throws ArgumentsRefusedError, with what to do, when the call does not say who that is, when the policy hides the name,
/// and when too few others are left to approve.
void name_requester(Json& metadata, const std::string& tool_name, const Call* call);

}  // namespace approvekit::detail
