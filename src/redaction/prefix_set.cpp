#include "redaction/prefix_set.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace approvekit {
namespace {

/// How many bytes `entry` and `text` begin with alike.
std::size_t shared_length(std::string_view entry, std::string_view text) {
    const auto same = [](char a, char b) { return static_cast<unsigned char>(a) == normalised(b); };
    text = text.substr(0, entry.size());
    const auto end = std::mismatch(text.begin(), text.end(), entry.begin(), [&](char b, char a) { return same(a, b); });
    return static_cast<std::size_t>(end.first - text.begin());
}

/// Whether `entry`, which begins with `shared` bytes of `text`, comes before it or is all of its beginning.
bool comes_before(std::string_view entry, std::string_view text, std::size_t shared) {
    if (shared == entry.size()) return true;
    return shared < text.size() && static_cast<unsigned char>(entry[shared]) < normalised(text[shared]);
}

/// The same, where the steps that are left are enough to tell.
std::optional<std::size_t> shared_length(std::string_view entry, std::string_view text, std::size_t& steps_left) {
    const std::size_t shared = shared_length(entry.substr(0, steps_left), text);
    const std::size_t steps = std::min(shared + 1, steps_left);
    steps_left -= steps;
    return steps > shared ? std::optional(shared) : std::nullopt;
}

}  // namespace

void PrefixSet::add(std::string_view text) {
    Entry entry;
    std::transform(text.begin(), text.end(), std::back_inserter(entry.text),
                   [](char character) { return static_cast<char>(normalised(character)); });
    longest_ = std::max(longest_, text.size());
    entries_.push_back(std::move(entry));
}

void PrefixSet::sort() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.text < b.text; });
    for (std::uint32_t at = 1; at < entries_.size(); ++at) {
        std::uint32_t within = at - 1;
        while (within != none && !entries_[at].text.starts_with(entries_[within].text))
            within = entries_[within].within;
        entries_[at].within = within;
    }
}

std::size_t PrefixSet::longest_in(std::string_view text, std::size_t& steps_left) const {
    // What `text` starts with comes before it, and what lies between the two starts with that as well. So the longest
    // is the last entry before `text`, or within that.
    std::size_t first = 0;
    for (std::size_t end = entries_.size(); first < end;) {
        const std::size_t middle = first + (end - first) / 2;
        const auto shared = shared_length(entries_[middle].text, text, steps_left);
        if (!shared) return std::min(longest_, text.size());
        if (comes_before(entries_[middle].text, text, *shared)) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    if (first == 0) return 0;
    auto at = static_cast<std::uint32_t>(first - 1);
    const auto shared = shared_length(entries_[at].text, text, steps_left);
    while (shared && at != none && entries_[at].text.size() > *shared) {
        if (steps_left == 0) return std::min(longest_, text.size());
        --steps_left;
        at = entries_[at].within;
    }
    if (!shared) return std::min(longest_, text.size());
    return at == none ? 0 : entries_[at].text.size();
}

}  // namespace approvekit
