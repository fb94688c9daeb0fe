#pragma once

#include <cstddef>
#include <string>

namespace approvekit::text {

/// `text`, or of one of more than `most_bytes` as many whole characters as have room beside how much was left out.
[[nodiscard]] std::string shortened(std::string text, std::size_t most_bytes);

/// What stands in the place of a text of which nothing is told but its size.
[[nodiscard]] std::string left_out_text(std::size_t bytes);

}  // namespace approvekit::text
