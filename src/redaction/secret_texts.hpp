#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::redaction {

/// Returns a number as people and programs write it. Some have two common forms, such as 1e16.
[[nodiscard]] std::vector<std::string> number_texts(const Json& number);

/// The texts that would reveal a hidden value.
struct SecretTexts {
    std::vector<std::string> values;  ///< its strings and numbers, also those inside strings that hold JSON
    std::vector<std::string> names;  ///< the names of its members; and the quoted texts in a string that is almost JSON
};

/// Adds the texts of `value` to `texts`. Goes no deeper than deepest_json.
void collect_secret_texts(const Json& value, SecretTexts& texts);

/// Makes '+' and the blank equal, since URLs write one for the other.
[[nodiscard]] constexpr unsigned char normalised(char character) noexcept {
    return character == '+' ? ' ' : static_cast<unsigned char>(character);
}

/// A set of texts that finds the longest one that another text starts with. Once sorted, it is safe for concurrent use.
class PrefixSet {
public:
    void add(std::string_view text);

    /// Call it once, after the last text was added.
    void sort();

    /// Returns the length of the longest one that `text` starts with, or 0 if it starts with none. Subtracts the cost
    /// from `steps_left`. If that is not enough, assumes that `text` starts with the longest of all.
    [[nodiscard]] std::size_t longest_in(std::string_view text, std::size_t& steps_left) const;

private:
    static constexpr std::uint32_t none = UINT32_MAX;

    struct Entry {
        std::string text;             // normalised
        std::uint32_t within = none;  // index of the longest other entry that it starts with
    };

    std::vector<Entry> entries_;
    std::size_t longest_ = 0;
};

}  // namespace approvekit::redaction
