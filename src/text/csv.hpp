#pragma once

#include <string>
#include <string_view>

namespace approvekit::text {

/// `text` in quotes, with an apostrophe before what a spreadsheet would take for a formula; escaped, so that it never breaks
/// its line.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace approvekit::text
