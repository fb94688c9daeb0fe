#pragma once

#include "approvekit/digest.hpp"
#include "approvekit/json.hpp"

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

}  // namespace approvekit::detail
