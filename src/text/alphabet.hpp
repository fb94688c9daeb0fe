#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace approvekit::text {

/// Alphabets with letters that look like Latin ones.
enum class Alphabet { none, latin, greek, cyrillic, armenian, cherokee, coptic, lisu, deseret, osage, tifinagh };

/// Returns `none` for anything that is not a letter, and for the letters of all other scripts.
[[nodiscard]] Alphabet alphabet_of(char32_t code) noexcept;

/// Returns the offsets in `text`, in ascending order, of letters that pose as letters of another alphabet. There are
/// two cases:
/// - A word mixes alphabets: all its letters except the Latin ones. If it has no Latin letters, all except those of the
///   word's first alphabet.
/// - A word consists only of letters that look like Latin ones, and Latin letters stand next to it without a blank
///   between: all its letters.
[[nodiscard]] std::vector<std::size_t> find_posing_letters(std::string_view text);

}  // namespace approvekit::text
