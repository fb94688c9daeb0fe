#pragma once

#include "command_text.hpp"

#include <string>
#include <string_view>

namespace approvekit::tools {

/// A script that `shell` ("bash", "fish" or "zsh") reads to complete the tool's commands, options, files and, where
/// one is asked for, the ids of requests that wait in the database that the line names.
[[nodiscard]] std::string completion_for(const CommandText& tool, std::string_view shell);

}  // namespace approvekit::tools
