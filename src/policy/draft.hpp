#pragma once

#include "approvekit/error.hpp"
#include "policy/policy_text.hpp"
#include "policy/terms.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// A policy that was read but not yet believed. A plain value.
struct Draft {
    Terms terms;  ///< counts only when there are no problems
    std::vector<PolicyProblem> problems;
    std::vector<PolicyProblem> warnings;  ///< only when there are no problems
};

// None of these throws for what it reads; everything is in the draft.

/// An unreadable file is a problem like another.
[[nodiscard]] Draft draft_from_file(const std::filesystem::path& path);
[[nodiscard]] Draft draft_from_text(std::string_view raw, Format format, const std::string& name);
[[nodiscard]] Draft draft_from_json(const Json& value);

/// The terms of a draft without problems. Throws PolicyError with all of them otherwise.
[[nodiscard]] Terms accepted(Draft draft);

}  // namespace approvekit::policy
