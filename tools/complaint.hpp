#pragma once

#include <string>
#include <string_view>

namespace approvekit::tools {

/// Says on standard error what went wrong: to people after the program's name, to machines as one JSON object.
void complain(std::string_view program, const std::string& message, std::string_view code, bool json);

/// Whether the command line asks for JSON, also where it could not be read.
[[nodiscard]] bool wants_json(int count, char** words);

}  // namespace approvekit::tools
