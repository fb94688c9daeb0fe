#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace approvekit::text {

/// Alphabets with letters that look like Latin ones.
enum class Alphabet { none, latin, greek, cyrillic, armenian, cherokee, coptic, lisu, deseret, osage, tifinagh };

/// `none` for whatever is not a letter, and for letters of all other scripts.
[[nodiscard]] Alphabet alphabet_of(char32_t code) noexcept;

/// Where in `text` letters begin that pose as letters of another alphabet, in order: those of a word that mixes
/// alphabets, but for the Latin ones (or those of its first alphabet, where it has no Latin one), and those of a word
/// that consists of nothing but Latin look-alikes and stands next to Latin letters without a blank between.
[[nodiscard]] std::vector<std::size_t> find_posing_letters(std::string_view text);

}  // namespace approvekit::text
