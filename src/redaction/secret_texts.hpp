#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// A number as people and programs write it: 1e16 has two common forms.
[[nodiscard]] std::vector<std::string> number_texts(const Json& number);

/// The texts that would give a hidden value away.
struct SecretTexts {
    std::vector<std::string> values;  ///< its strings and numbers, also those in strings that hold JSON
    std::vector<std::string> names;   ///< of its members; and what stands in quotes where JSON is not quite JSON
};

/// Adds those of `value` to `texts`. Does not look deeper than deepest_json.
void collect_secret_texts(const Json& value, SecretTexts& texts);

/// '+' and the blank are one, since URLs write one for the other.
[[nodiscard]] constexpr unsigned char normalised(char character) noexcept {
    return character == '+' ? ' ' : static_cast<unsigned char>(character);
}

/// Texts, of which it finds the longest that another text starts with. Concurrent use is safe once it is sorted.
class PrefixSet {
public:
    void add(std::string_view text);

    /// To be called once, after the last text was added.
    void sort();

    /// The length of the longest one that `text` starts with; 0 when it starts with none. Takes what it costs from
    /// `steps_left`; where that is not enough, says that `text` starts with the longest of all.
    [[nodiscard]] std::size_t longest_in(std::string_view text, std::size_t& steps_left) const;

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Entry {
        std::string text;             // normalised
        std::uint32_t within = none;  // the longest other entry that it starts with
    };

    std::vector<Entry> entries_;
    std::size_t longest_ = 0;
};

}  // namespace approvekit::redaction
