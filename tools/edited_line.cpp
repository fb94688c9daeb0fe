#include "edited_line.hpp"

#include <algorithm>
#include <cstddef>

namespace approvekit::tools {

std::string completed_rest(std::string_view before, const std::vector<std::string>& words) {
    if (words.empty()) return {};
    const std::size_t typed = before.size() - (before.find_last_of(' ') + 1);
    std::string_view common = words.front();
    for (const std::string& word : words) {
        const auto end = std::mismatch(common.begin(), common.end(), word.begin(), word.end()).first;
        common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
    }
    std::string rest(common.substr(std::min(typed, common.size())));
    return words.size() == 1 ? rest + " " : rest;
}

std::string words_text(const std::vector<std::string>& words) {
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t index = 0; index < std::min(most, words.size()); ++index)
        text += words[index] + "\n";
    if (words.size() > most) text += "and " + std::to_string(words.size() - most) + " more\n";
    return text;
}

}  // namespace approvekit::tools
