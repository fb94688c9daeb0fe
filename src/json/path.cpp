#include "json/path.hpp"

#include <algorithm>

namespace approvekit::json {

std::string JsonPath::text() const {
    std::string text;
    for (const Step& step : steps_) {
        if (step.index != no_index) {
            text += "[" + std::to_string(step.index) + "]";
        } else {
            if (!text.empty()) text += '.';
            text += step.key;
        }
    }
    return text;
}

std::string JsonPath::short_text() const {
    constexpr std::size_t longest_key = 64;
    constexpr std::size_t longest_text = 256;
    std::size_t size = 0;
    auto first = steps_.end();
    while (first != steps_.begin() && size <= longest_text) {
        --first;
        size += std::min(first->key.size(), longest_key) + 1;
    }
    JsonPath shown;
    shown.steps_.assign(first, steps_.end());
    for (Step& step : shown.steps_) {
        if (step.key.size() > longest_key) step.key = "(a long key)";
    }
    return (first == steps_.begin() ? "" : "...") + shown.text();
}

}  // namespace approvekit::json
