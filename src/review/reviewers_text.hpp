#pragma once

#include "approvekit/reviewers_file.hpp"
#include "policy/policy_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::review {

/// The most that a file of reviewers may have.
inline constexpr std::size_t most_reviewers_bytes = std::size_t{1} << 20;

/// Why nobody in a file of reviewers may have the name; empty: somebody may. Beside what no decision may bear: what a policy
/// could not list, and what Unicode writes in another way (NFC).
[[nodiscard]] std::string fault_of_listed_name(std::string_view name);

/// Reads the text of a file, strictly and as a whole. Throws Error (invalid_option) that tells all that is wrong with it, with
/// `file`, line and column.
[[nodiscard]] std::vector<InvitedReviewer> parse_reviewers(std::string_view raw, policy::Format format,
                                                           const std::string& file);

/// The text that parse_reviewers reads so.
[[nodiscard]] std::string reviewers_text(const std::vector<InvitedReviewer>& reviewers, policy::Format format);

}  // namespace approvekit::review
