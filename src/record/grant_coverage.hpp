#pragma once

#include "approvekit/agent_secret.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/storage.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// The bounds of a grant, read. A value; concurrent reads are safe.
class GrantBounds {
public:
    /// Nothing, and why in `fault`, for what is not an object that has tests by the paths of arguments.
    [[nodiscard]] static std::optional<GrantBounds> read(const Json& bounds, std::string& fault);

    /// Whether all of them are true of these arguments. What cannot be told is not.
    [[nodiscard]] bool hold_for(const Json& arguments) const;

private:
    struct Tests;
    explicit GrantBounds(std::shared_ptr<const Tests> tests) : tests_(std::move(tests)) {}

    std::shared_ptr<const Tests> tests_;
};

/// What a request says of what is hidden of its arguments, for later calls to be compared with: a digest under the agent's
/// secret, and which secret that is. It covers the true arguments but for those in which granted calls may differ, or that
/// a reviewer may edit, by the request's own metadata. Its nonce keeps two requests with equal arguments apart.
[[nodiscard]] Json hidden_arguments_mark(const AgentSecret& secret, std::string_view nonce,
                                         const std::string& tool_name, const Json& arguments, const Json& metadata);

/// A call that a rule holds, as its agent would submit it. Borrows all of it.
struct WantedCall {
    const ApprovalRequest& request;  ///< needs tool, agent, shown arguments, metadata and redactions
    const Json& arguments;           ///< the true ones
    const AgentSecret* secret;       ///< null: what is hidden cannot be compared
};

/// Why a grant does not let a call run.
struct NotCovered {
    std::string reason;
    bool is_near = false;  ///< it may be meant, and a person is to be told why it does not count
};

/// Whether the call is one of those that were granted; nothing: it is. Looks at neither uses, time, revocation nor
/// signature.
[[nodiscard]] std::optional<NotCovered> objection_to_use(const GivenGrant& given, const WantedCall& wanted);

}  // namespace approvekit::record
