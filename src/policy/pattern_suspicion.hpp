#pragma once

#include <string>
#include <string_view>

namespace approvekit::policy {

/// Returns what may not be meant by the pattern of `test` (matches, regex or regex_anywhere) for `subject`, or an empty
/// text. `lets_run`: whether the calls that match run at once.
[[nodiscard]] std::string pattern_suspicion(std::string_view test, std::string_view subject, std::string_view pattern,
                                            bool lets_run);

}  // namespace approvekit::policy
