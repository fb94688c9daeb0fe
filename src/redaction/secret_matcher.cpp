#include "redaction/secret_matcher.hpp"

#include "approvekit/redaction.hpp"
#include "keys/cryptography.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace approvekit::redaction {
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
    return is_base64_digit(character) || character == '=';
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

/// Returns what to hide for a pattern found at `range`, or nothing if it does not count there.
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

/// Requires that no range lies entirely before the last one that was appended.
void append_merged(std::vector<TextRange>& found, TextRange range) {
    while (!found.empty() && found.back().end >= range.begin) {
        range = {std::min(range.begin, found.back().begin), std::max(range.end, found.back().end)};
        found.pop_back();
    }
    found.push_back(range);
}

/// How many bytes of a pattern the automaton holds.
constexpr std::size_t longest_beginning = 32;

/// How many steps each byte of a text may cost when the rests of long patterns are compared.
constexpr std::size_t steps_per_byte = 32;

}  // namespace

/// The state of one pass over a text.
struct SecretMatcher::Search {
    std::string_view text;
    std::size_t end = 0;  // the end of what has been read
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
        // What is longer than a beginning counts anywhere, whatever else ends with the beginning.
        if (const auto hidden = hidden_part(search.text, range, rest > 0 ? Extent::anywhere : node.extent)) {
            append_merged(search.found, *hidden);
            return;  // the other patterns that end here are shorter
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

/// Works level by level, since a node's fallback is always shorter than the node.
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

namespace {

using Extent = SecretPattern::Extent;

/// Shorter secrets appear in too many words by chance.
constexpr std::size_t shortest_anywhere = 4;

/// A longer word does not appear by chance, so it is found anywhere.
constexpr std::size_t longest_word = 32;

/// From this length on, at least four base64 characters depend on the secret alone.
constexpr std::size_t shortest_inside_base64 = 4;

/// A run of base64 is hidden as a whole, so finding the beginning is enough.
constexpr std::size_t longest_inside_base64 = 18;

bool can_be_secret(std::string_view text) {
    constexpr std::array<std::string_view, 3> literals = {"true", "false", "null"};
    if (text.empty() || std::find(literals.begin(), literals.end(), text) != literals.end()) return false;
    return text.size() < shortest_anywhere || redacted_text.find(text) == std::string_view::npos;
}

std::string base64(std::string_view text, int variant) {
    std::string encoded(sodium_base64_encoded_len(text.size(), variant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), keys::bytes_of(text), text.size(), variant);
    encoded.pop_back();  // the terminating zero
    return encoded;
}

/// Returns the base64 characters that depend on `secret` alone if `before` bytes precede it in its group of three.
std::string inside_base64(std::string_view secret, std::size_t before, int variant) {
    const std::string encoded = base64(std::string(before, '\0').append(secret), variant);
    const std::size_t shared_with_before = before == 0 ? 0 : before + 1;
    const std::size_t shared_with_after = (before + secret.size()) % 3 == 0 ? 0 : 1;
    return encoded.substr(shared_with_before, encoded.size() - shared_with_before - shared_with_after);
}

void add_base64(std::vector<SecretPattern>& patterns, std::string_view secret) {
    if (secret.size() < shortest_inside_base64) {
        for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                                  sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
            patterns.push_back({base64(secret, variant), Extent::base64_token});
        }
        return;
    }
    const std::string_view beginning = secret.substr(0, longest_inside_base64);
    for (const int variant : {sodium_base64_VARIANT_ORIGINAL_NO_PADDING, sodium_base64_VARIANT_URLSAFE_NO_PADDING}) {
        for (const std::size_t before : {0U, 1U, 2U}) {
            patterns.push_back({inside_base64(beginning, before, variant), Extent::base64_run});
        }
    }
}

void add_patterns(std::vector<SecretPattern>& patterns, std::string_view secret, bool is_word) {
    patterns.push_back({std::string(secret), is_word ? Extent::token : Extent::anywhere});
    add_base64(patterns, secret);
}

/// Returns the texts that can be secrets, without duplicates.
std::vector<std::string_view> told_apart(const std::vector<std::string>& secrets) {
    std::vector<std::string_view> texts;
    for (const std::string& secret : secrets) {
        const std::string_view text = text::trimmed(secret);  // finds it with and without its blanks
        if (can_be_secret(text)) texts.push_back(text);
    }
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
}

}  // namespace

std::vector<SecretPattern> patterns_of(const std::vector<std::string>& secrets, const std::vector<std::string>& words) {
    std::vector<SecretPattern> patterns;
    for (const std::string_view text : told_apart(secrets))
        add_patterns(patterns, text, text::count_characters(text) < shortest_anywhere);
    for (const std::string_view word : told_apart(words))
        add_patterns(patterns, word, word.size() <= longest_word);
    return patterns;
}

}  // namespace approvekit::redaction
