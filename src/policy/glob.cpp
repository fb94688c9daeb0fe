#include "policy/glob.hpp"

#include "text/utf8.hpp"

#include <algorithm>

namespace approvekit::policy {

bool Glob::matches(std::string_view name) const noexcept {
    const std::string_view pattern = text_;
    std::size_t at = 0;
    std::size_t in_name = 0;
    std::size_t behind_star = std::string_view::npos;
    std::size_t star_ends = 0;  // where in the name the last star ends for now
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

bool Glob::may_overlap(const Glob& other) const noexcept {
    const std::string_view head = prefix();
    const std::string_view other_head = other.prefix();
    const std::string_view tail = suffix();
    const std::string_view other_tail = other.suffix();
    return (head.starts_with(other_head) || other_head.starts_with(head)) &&
           (tail.ends_with(other_tail) || other_tail.ends_with(tail));
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

void NameIndex::add(const Glob& glob, std::size_t id) {
    ++size_;
    const std::string_view prefix = glob.prefix();
    const std::string_view suffix = glob.suffix();
    if (prefix.empty() && suffix.empty()) {
        others_.push_back({glob, id});
    } else if (prefix.size() >= suffix.size()) {
        add_to(prefixes_, prefix, glob, id);
    } else {
        add_to(suffixes_, suffix, glob, id);
    }
}

void NameIndex::add_to(Side& side, std::string_view key, const Glob& glob, std::size_t id) {
    auto found = side.lists.find(key);
    if (found == side.lists.end()) {
        const std::string& kept = *keys_.emplace_back(std::make_unique<std::string>(key));
        found = side.lists.emplace(kept, lists_.size()).first;
        lists_.emplace_back();
        if (std::find(side.lengths.begin(), side.lengths.end(), key.size()) == side.lengths.end()) {
            side.lengths.push_back(key.size());
        }
    }
    lists_[found->second].push_back({glob, id});
}

void NameIndex::find(std::string_view name, std::vector<std::size_t>& ids) const {
    for (const std::size_t length : prefixes_.lengths) {
        if (length > name.size()) continue;
        const auto found = prefixes_.lists.find(name.substr(0, length));
        if (found != prefixes_.lists.end()) find_in(lists_[found->second], name, ids);
    }
    for (const std::size_t length : suffixes_.lengths) {
        if (length > name.size()) continue;
        const auto found = suffixes_.lists.find(name.substr(name.size() - length));
        if (found != suffixes_.lists.end()) find_in(lists_[found->second], name, ids);
    }
    find_in(others_, name, ids);
}

void NameIndex::find_in(const List& list, std::string_view name, std::vector<std::size_t>& ids) {
    for (const Listed& listed : list) {
        if (listed.glob.matches(name)) ids.push_back(listed.id);
    }
}

}  // namespace approvekit::policy
