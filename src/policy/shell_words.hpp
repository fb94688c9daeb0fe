#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// Returns the words of one simple command, split and unquoted as a POSIX shell does it.
///
/// Returns nothing for everything that means more to a shell, or on which shells differ: operators, redirections,
/// substitutions, parameters, globs, braces, tildes, comments, assignments before the program, reserved words, line
/// breaks and other control characters, exclamation marks, characters beyond ASCII outside quotes, quotes without an
/// end, no word at all.
[[nodiscard]] std::optional<std::vector<std::string>> split_command(std::string_view text);

}  // namespace approvekit::policy
