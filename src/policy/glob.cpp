#include "policy/glob.hpp"

#include "text/utf8.hpp"

#include <algorithm>

namespace approvekit::policy {

bool Glob::matches(std::string_view name) const noexcept {
    const std::string_view pattern = text_;
    std::size_t at = 0;
    std::size_t in_name = 0;
    std::size_t behind_star = std::string_view::npos;
    std::size_t star_ends = 0;  // where in the name the last star stops for now
    while (in_name < name.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            behind_star = ++at;
            star_ends = in_name;
        } else if (at < pattern.size() && pattern[at] == name[in_name]) {
            ++at;
            ++in_name;
        } else if (behind_star != std::string_view::npos) {
            at = behind_star;
            in_name = ++star_ends;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

std::size_t Glob::literal_characters() const noexcept {
    return text::count_characters(text_) - static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '*'));
}

std::string_view Glob::prefix() const noexcept {
    return std::string_view(text_).substr(0, text_.find('*'));
}

std::string_view Glob::suffix() const noexcept {
    const std::size_t star = text_.rfind('*');
    return star == std::string::npos ? std::string_view(text_) : std::string_view(text_).substr(star + 1);
}

}  // namespace approvekit::policy
