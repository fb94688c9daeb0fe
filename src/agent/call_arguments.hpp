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

/// The arguments with which a call was submitted, to compare with what is about to run.
///
/// A waiting call keeps the commitment whose digest its reviewers sign, however large the arguments are. A call that
/// starts at once keeps the canonical text, which already exists and is cheaper to compare. A value.
class SubmittedArguments {
public:
    SubmittedArguments(ActionCommitment commitment, const JsonLimits& limits)
        : proof_(std::move(commitment)), limits_(limits) {}
    SubmittedArguments(std::string canonical, const JsonLimits& limits)
        : proof_(std::move(canonical)), limits_(limits) {}

    /// Whether `arguments` have the canonical text that was submitted. False if they have none.
    [[nodiscard]] bool fits(std::string_view tool_name, const Json& arguments) const;

private:
    std::variant<std::string, ActionCommitment> proof_;
    JsonLimits limits_;
};

/// A call as it will run after a reviewer edited it (G16). A plain value.
struct EditedCall {
    Json arguments;  ///< including hidden values
    CallEdit edit;
    SubmittedArguments submitted;  ///< commits to them
    std::optional<LimitUse> use;   ///< what the edited call takes of the limit of the rule under which it was reviewed
};

}  // namespace approvekit::detail
