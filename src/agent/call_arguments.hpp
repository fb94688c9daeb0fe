#pragma once

#include "approvekit/call_edit.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/json.hpp"
#include "approvekit/limit_use.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace approvekit::detail {

/// What a call was submitted with, to be held against what is about to run.
///
/// A call that waits keeps the commitment whose digest its reviewers sign, however large its arguments are. One that
/// starts at once keeps the canonical text, which is there already and cheaper to compare. A value.
class SubmittedArguments {
public:
    SubmittedArguments(ActionCommitment commitment, const JsonLimits& limits)
        : proof_(std::move(commitment)), limits_(limits) {}
    SubmittedArguments(std::string canonical, const JsonLimits& limits)
        : proof_(std::move(canonical)), limits_(limits) {}

    /// Whether `arguments` have the canonical text that was submitted. What has none does not fit.
    [[nodiscard]] bool fits(std::string_view tool_name, const Json& arguments) const;

private:
    std::variant<std::string, ActionCommitment> proof_;
    JsonLimits limits_;
};

/// A call as it is to run after a reviewer edited it (G16). A plain value.
struct EditedCall {
    Json arguments;  ///< hidden values included
    CallEdit edit;
    SubmittedArguments submitted;  ///< what commits to them
    std::optional<LimitUse> use;   ///< what it takes so of the limit of the rule that it was reviewed under
};

}  // namespace approvekit::detail
