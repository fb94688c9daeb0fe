#pragma once

#include "approvekit/reviewers_file.hpp"
#include "policy/policy_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::review {

/// The largest size of a file of reviewers.
inline constexpr std::size_t most_reviewers_bytes = std::size_t{1} << 20;

/// Returns why nobody in a file of reviewers may have the name, or an empty text if somebody may. Refuses what no
/// decision may bear, what a policy could not list, and what Unicode writes in another way (NFC).
[[nodiscard]] std::string fault_of_listed_name(std::string_view name);

/// Reads the text of a file, strictly and as a whole. Throws Error (invalid_option), which tells everything that is
/// wrong with it, with `file`, line and column.
[[nodiscard]] std::vector<InvitedReviewer> parse_reviewers(std::string_view raw, policy::Format format,
                                                           const std::string& file);

/// Returns the text that parse_reviewers() reads as these reviewers.
[[nodiscard]] std::string reviewers_text(const std::vector<InvitedReviewer>& reviewers, policy::Format format);

}  // namespace approvekit::review
