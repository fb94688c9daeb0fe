#pragma once

#include "command_text.hpp"

#include <string>

namespace approvekit::tools {

/// The tool's manual page, section 1, as man reads it.
[[nodiscard]] std::string manual_page(const CommandText& tool);

}  // namespace approvekit::tools
