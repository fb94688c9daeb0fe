#pragma once

#include "approvekit/error.hpp"
#include "policy/policy_text.hpp"
#include "policy/terms.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// A policy that was read but not yet accepted. A plain value.
struct Draft {
    Terms terms;  ///< valid only if there are no problems
    std::vector<PolicyProblem> problems;
    std::vector<PolicyProblem> warnings;  ///< only if there are no problems
};

// None of these throws because of what it reads. Everything is in the draft.

/// An unreadable file is a problem like any other.
[[nodiscard]] Draft draft_from_file(const std::filesystem::path& path);
[[nodiscard]] Draft draft_from_text(std::string_view raw, Format format, const std::string& name);
[[nodiscard]] Draft draft_from_json(const Json& value);

/// Returns the terms of a draft without problems. Otherwise throws PolicyError with all of the problems.
[[nodiscard]] Terms accepted(Draft draft);

}  // namespace approvekit::policy
