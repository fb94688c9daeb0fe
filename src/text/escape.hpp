#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::text {

/// The characters that a terminal can be trusted to read.
enum class Charset {
    unicode,
    ascii,  ///< a terminal that is not set to UTF-8 would read parts of other characters as control codes
};

/// Returns `text` as one line that a terminal can only show.
///
/// Characters that a terminal would obey, hide, reorder or draw like something else (glyph.hpp) become escapes: \n \r
/// \t, \x1b for control bytes, \xff for bytes that are not UTF-8, \u202e and \U000e0001 for characters. These are
/// escaped too:
/// - a backslash (\\)
/// - marks that do not stand on a letter, and marks that form a single character together with their letter
/// - letters that pose as letters of another alphabet (alphabet.hpp)
/// - for Charset::ascii, everything beyond ASCII
///
/// More blanks in a row than an indentation has are replaced by their count: \{40 spaces}. Two different texts never
/// look the same. Throws nothing but std::bad_alloc.
[[nodiscard]] std::string escape(std::string_view text, Charset charset = Charset::unicode);

/// Returns `text` escaped and in quotes; quotes inside it get a backslash.
[[nodiscard]] std::string quote(std::string_view text, Charset charset = Charset::unicode);

/// Does the same in parts. Each part ends where a line of `text` ends. Many empty lines become one part: \{14 empty
/// lines}.
[[nodiscard]] std::vector<std::string> quote_lines(std::string_view text, Charset charset = Charset::unicode);

/// Returns `text` with long runs of blanks replaced by their count, as escape() does, and otherwise unchanged.
[[nodiscard]] std::string count_blanks(std::string_view text);

/// Returns a name unchanged if it consists only of letters, digits and . _ - / : @; otherwise quoted, so that it cannot
/// pose as more than a name.
[[nodiscard]] std::string name_text(std::string_view name, Charset charset = Charset::unicode);

/// Returns `text` in quotes, with an apostrophe first if a spreadsheet would read it as a formula. It is escaped, so
/// that it never breaks its line.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace approvekit::text
