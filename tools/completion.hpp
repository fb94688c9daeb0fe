#pragma once

#include "command_text.hpp"

#include <string>
#include <string_view>

namespace approvekit::tools {

/// A completion script for `shell` ("bash", "fish" or "zsh"). It completes the tool's commands, options, files and,
/// where an id is expected, the ids of waiting requests in the database that the line names.
[[nodiscard]] std::string completion_for(const CommandText& tool, std::string_view shell);

}  // namespace approvekit::tools
