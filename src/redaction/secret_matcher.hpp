#pragma once

#include "redaction/decoded_text.hpp"
#include "redaction/secret_texts.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// A text that must not be shown, and where it counts as found.
struct SecretPattern {
    /// In order from the widest to the narrowest.
    enum class Extent {
        anywhere,      ///< everywhere
        base64_run,    ///< everywhere; hides the whole run of base64 characters around it
        base64_token,  ///< only as a whole run of base64 characters
        token,         ///< only if neither neighbour is a letter, a digit or an underscore
    };

    std::string text;
    Extent extent = Extent::anywhere;
};

/// Finds many patterns in one pass over a text, however many there are (the automaton of Aho and Corasick).
///
/// The automaton holds only the beginning of a long pattern, which counts anywhere. Where the beginning is found, the
/// rest is compared. If these comparisons cost too much in a text, the parts in question are hidden without comparing.
/// '+' and the blank count as the same character, since URLs write one for the other. Concurrent use is safe.
class SecretMatcher {
public:
    explicit SecretMatcher(const std::vector<SecretPattern>& patterns);

    /// Returns the parts of `text` that patterns cover, in order. Parts that overlap or touch are merged.
    [[nodiscard]] std::vector<TextRange> find(std::string_view text) const;

private:
    using State = std::uint32_t;
    static constexpr State root = 0;
    static constexpr std::uint32_t none = UINT32_MAX;

    /// The beginning of one or more patterns. Children form a list, since hardly any node has several.
    struct Node {
        State first_child = root;
        State next_sibling = root;
        State fallback = root;  // the longest proper suffix that also begins a pattern
        State match = root;     // the first node that may end a pattern, going from this node along the fallbacks
        std::uint32_t length = 0;
        std::uint32_t rests = none;  // index in rests_ of the rests of the long patterns that begin here
        unsigned char byte = 0;
        bool ends = false;
        SecretPattern::Extent extent = SecretPattern::Extent::anywhere;
    };

    struct Search;

    void add(const SecretPattern& pattern);
    [[nodiscard]] State add_path(std::string_view beginning);
    [[nodiscard]] State add_child(State parent, unsigned char byte);
    void add_rest(Node& node, std::string_view rest);
    void link();
    [[nodiscard]] State child(State parent, unsigned char byte) const;
    [[nodiscard]] State next(State state, unsigned char byte) const;
    void take_match(State state, Search& search) const;
    [[nodiscard]] std::size_t longest_rest(const Node& node, Search& search) const;

    std::vector<Node> nodes_;
    std::array<State, 256> first_bytes_{};
    std::vector<PrefixSet> rests_;  // each for the long patterns that begin alike
};

/// Returns the patterns that find the secrets, in clear and as base64. `words` are found only as whole words, unless
/// they are so long that they do not appear by chance.
///
/// Some texts cannot be kept secret, and give no pattern: blanks, "true", "false" and "null" would hide much that has
/// nothing to do with them, and parts of "[REDACTED]" are in every scrubbed text anyway.
[[nodiscard]] std::vector<SecretPattern> patterns_of(const std::vector<std::string>& secrets,
                                                     const std::vector<std::string>& words);

}  // namespace approvekit::redaction
