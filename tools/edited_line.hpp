#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::tools {

/// What is to be put behind `before` to come as far as all of `words` agree, with a blank where there is one word only.
[[nodiscard]] std::string completed_rest(std::string_view before, const std::vector<std::string>& words);

/// The words in a line or a few of them, the last of which say how many more there are.
[[nodiscard]] std::string words_text(const std::vector<std::string>& words);

}  // namespace approvekit::tools
