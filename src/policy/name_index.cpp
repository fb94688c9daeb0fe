#include "policy/name_index.hpp"

#include <algorithm>

namespace approvekit::policy {

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
