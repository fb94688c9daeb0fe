#pragma once

#include "approvekit/agent_secret.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/storage.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// The parsed bounds of a grant. A value; concurrent reads are safe.
class GrantBounds {
public:
    /// Returns nothing, and sets `fault`, if `bounds` is not an object that has tests by the paths of arguments.
    [[nodiscard]] static std::optional<GrantBounds> read(const Json& bounds, std::string& fault);

    /// Whether all bounds hold for these arguments. A bound that cannot be evaluated does not hold.
    [[nodiscard]] bool hold_for(const Json& arguments) const;

private:
    struct Tests;
    explicit GrantBounds(std::shared_ptr<const Tests> tests) : tests_(std::move(tests)) {}

    std::shared_ptr<const Tests> tests_;
};

/// Returns what a request records about its hidden arguments, so that later calls can be compared with it: a digest
/// made with the agent's secret, and which secret that is. The digest covers the true `arguments` except those in which
/// granted calls may differ, or that a reviewer may edit, according to the request's metadata; of these, only those
/// that the request shows. Its nonce makes the digests of two requests with equal arguments different.
[[nodiscard]] Json hidden_arguments_mark(const AgentSecret& secret, const ApprovalRequest& request,
                                         const Json& arguments);

/// A call that a rule holds, as its agent would submit it. Holds references only.
struct WantedCall {
    const ApprovalRequest& request;  ///< needs tool, agent, shown arguments, metadata and redactions
    const Json& arguments;           ///< the true arguments
    const AgentSecret* secret;       ///< null: hidden values cannot be compared
};

/// Why a grant does not let a call run.
struct NotCovered {
    std::string reason;
    bool is_near = false;  ///< the grant may be meant for this call, so tell a person why it does not count
};

/// Returns why the call is not one of those that were granted, or nothing if it is. Does not check uses, time,
/// revocation or signature.
[[nodiscard]] std::optional<NotCovered> objection_to_use(const GivenGrant& given, const WantedCall& wanted);

}  // namespace approvekit::record
