#include "redaction/secret_matcher.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace approvekit {
namespace {

using Extent = SecretPattern::Extent;

bool is_alphanumeric(char character) {
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z');
}

bool is_word(char character) {
    return is_alphanumeric(character) || character == '_' || static_cast<unsigned char>(character) >= 0x80;
}

bool is_base64(char character) {
    return is_alphanumeric(character) || std::string_view("+/-_=").find(character) != std::string_view::npos;
}

bool stands_alone(std::string_view text, TextRange range, bool (*is_part)(char)) {
    return (range.begin == 0 || !is_part(text[range.begin - 1])) &&
           (range.end == text.size() || !is_part(text[range.end]));
}

TextRange base64_run_around(std::string_view text, TextRange range) {
    while (range.begin > 0 && is_base64(text[range.begin - 1]))
        --range.begin;
    while (range.end < text.size() && is_base64(text[range.end]))
        ++range.end;
    return range;
}

/// What is to be hidden for a pattern found at `range`; nothing where it does not count there.
std::optional<TextRange> hidden_part(std::string_view text, TextRange range, Extent extent) {
    switch (extent) {
        case Extent::anywhere:
            break;
        case Extent::base64_run:
            return base64_run_around(text, range);
        case Extent::base64_token:
            return stands_alone(text, range, is_base64) ? std::optional(range) : std::nullopt;
        case Extent::token:
            return stands_alone(text, range, is_word) ? std::optional(range) : std::nullopt;
    }
    return range;
}

bool is_covered(const std::vector<TextRange>& found, TextRange range) {
    return !found.empty() && found.back().begin <= range.begin && range.end <= found.back().end;
}

/// Ranges come so that none lies before the last one.
void append_merged(std::vector<TextRange>& found, TextRange range) {
    while (!found.empty() && found.back().end >= range.begin) {
        range = {std::min(range.begin, found.back().begin), std::max(range.end, found.back().end)};
        found.pop_back();
    }
    found.push_back(range);
}

/// How many bytes of a pattern the automaton holds.
constexpr std::size_t longest_beginning = 32;

/// How many steps of looking for rests each byte of a text may cost.
constexpr std::size_t steps_per_byte = 32;

}  // namespace

/// One pass over a text.
struct SecretMatcher::Search {
    std::string_view text;
    std::size_t end = 0;  // of what has been read
    std::size_t steps_left = 0;
    std::vector<TextRange> found;
};

SecretMatcher::SecretMatcher(const std::vector<SecretPattern>& patterns) : nodes_(1) {
    for (const SecretPattern& pattern : patterns) {
        add(pattern);
    }
    for (PrefixSet& rests : rests_)
        rests.sort();
    link();
}

std::vector<TextRange> SecretMatcher::find(std::string_view text) const {
    Search search{.text = text, .steps_left = text.size() * steps_per_byte, .found = {}};
    State state = root;
    for (const char character : text) {
        state = next(state, normalised(character));
        ++search.end;
        if (nodes_[state].match != root) take_match(nodes_[state].match, search);
    }
    return std::move(search.found);
}

void SecretMatcher::take_match(State state, Search& search) const {
    for (; state != root; state = nodes_[nodes_[state].fallback].match) {
        const Node& node = nodes_[state];
        const std::size_t rest = longest_rest(node, search);
        if (rest == 0 && !node.ends) continue;
        const TextRange range{search.end - node.length, search.end + rest};
        if (is_covered(search.found, range)) return;
        if (const auto hidden = hidden_part(search.text, range, node.extent)) {
            append_merged(search.found, *hidden);
            return;  // the others that end here are shorter
        }
    }
}

std::size_t SecretMatcher::longest_rest(const Node& node, Search& search) const {
    if (node.rests == none) return 0;
    return rests_[node.rests].longest_in(search.text.substr(search.end), search.steps_left);
}

SecretMatcher::State SecretMatcher::next(State state, unsigned char byte) const {
    while (state != root) {
        if (const State next = child(state, byte); next != root) return next;
        state = nodes_[state].fallback;
    }
    return first_bytes_[byte];
}

SecretMatcher::State SecretMatcher::child(State parent, unsigned char byte) const {
    if (parent == root) return first_bytes_[byte];
    State child = nodes_[parent].first_child;
    while (child != root && nodes_[child].byte != byte) {
        child = nodes_[child].next_sibling;
    }
    return child;
}

void SecretMatcher::add(const SecretPattern& pattern) {
    const std::string_view text = pattern.text;
    Node& node = nodes_[add_path(text.substr(0, longest_beginning))];
    if (text.size() > longest_beginning) {
        add_rest(node, text.substr(longest_beginning));
    } else {
        node.extent = node.ends ? std::min(node.extent, pattern.extent) : pattern.extent;
        node.ends = true;
    }
}

SecretMatcher::State SecretMatcher::add_path(std::string_view beginning) {
    State state = root;
    for (const char character : beginning) {
        const unsigned char byte = normalised(character);
        const State known = child(state, byte);
        state = known != root ? known : add_child(state, byte);
    }
    return state;
}

void SecretMatcher::add_rest(Node& node, std::string_view rest) {
    if (node.rests == none) {
        node.rests = static_cast<std::uint32_t>(rests_.size());
        rests_.emplace_back();
    }
    rests_[node.rests].add(rest);
}

SecretMatcher::State SecretMatcher::add_child(State parent, unsigned char byte) {
    const auto child = static_cast<State>(nodes_.size());
    Node node;
    node.byte = byte;
    node.length = nodes_[parent].length + 1;
    node.next_sibling = nodes_[parent].first_child;
    nodes_.push_back(node);
    nodes_[parent].first_child = child;
    if (parent == root) first_bytes_[byte] = child;
    return child;
}

/// Level by level, since a fallback is shorter than what falls back to it.
void SecretMatcher::link() {
    std::vector<State> level{root};
    for (std::size_t at = 0; at < level.size(); ++at) {
        const State parent = level[at];
        for (State child = nodes_[parent].first_child; child != root; child = nodes_[child].next_sibling) {
            Node& node = nodes_[child];
            node.fallback = parent == root ? root : next(nodes_[parent].fallback, node.byte);
            node.match = node.ends || node.rests != none ? child : nodes_[node.fallback].match;
            level.push_back(child);
        }
    }
}

}  // namespace approvekit
