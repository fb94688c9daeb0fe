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

/// A text that must not be shown, and where it counts.
struct SecretPattern {
    /// From the widest to the narrowest.
    enum class Extent {
        anywhere,      ///< wherever it stands
        base64_run,    ///< wherever it stands, together with the whole run of base64 characters around it
        base64_token,  ///< where it is such a whole run
        token,         ///< where neither neighbour is a letter, a digit or an underscore
    };

    std::string text;
    Extent extent = Extent::anywhere;
};

/// Finds many patterns in one pass over a text, whatever their number (Aho and Corasick's automaton).
///
/// Of a long pattern, which counts anywhere, the automaton holds the beginning only; the rest is compared where that
/// was found. A text that makes such comparisons cost too much has the parts in question hidden without them.
/// '+' and the blank are one to it, since URLs write one for the other. Concurrent use is safe.
class SecretMatcher {
public:
    explicit SecretMatcher(const std::vector<SecretPattern>& patterns);

    /// The parts of `text` that patterns cover, in order; where they overlap or touch, as one.
    [[nodiscard]] std::vector<TextRange> find(std::string_view text) const;

private:
    using State = std::uint32_t;
    static constexpr State root = 0;
    static constexpr std::uint32_t none = UINT32_MAX;

    /// The beginning of some patterns. Children are a list, since hardly any node has several.
    struct Node {
        State first_child = root;
        State next_sibling = root;
        State fallback = root;  // the longest proper suffix that begins a pattern too
        State match = root;     // the nearest node on the way of fallbacks, from itself on, that may end a pattern
        std::uint32_t length = 0;
        std::uint32_t rests = none;  // where in rests_ are those of the long patterns that begin so
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
    std::vector<PrefixSet> rests_;  // of the long patterns that begin alike
};

/// The patterns by which the secrets are found, in clear and as base64. `words` are found as words of their own.
///
/// Not every text can be kept secret: blanks, "true", "false" and "null" would blot out what has nothing to do with
/// them, and parts of "[REDACTED]" stand in every scrubbed text anyway. They give no pattern.
[[nodiscard]] std::vector<SecretPattern> patterns_of(const std::vector<std::string>& secrets,
                                                     const std::vector<std::string>& words);

}  // namespace approvekit::redaction
