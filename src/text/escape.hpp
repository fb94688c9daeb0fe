#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::text {

/// What the terminal can be trusted to read.
enum class Charset {
    unicode,
    ascii,  ///< a terminal that is not set to UTF-8 would take parts of other characters for controls
};

/// `text` as one line that a terminal shows and does nothing else with.
///
/// What would be obeyed, hidden, reordered or taken for something else (glyph.hpp) becomes an escape: \n \r \t, \x1b for
/// control bytes, \xff for bytes that are not UTF-8, \u202e and \U000e0001 for characters. So do a backslash (\\), marks
/// that do not stand upon a letter or that one character could stand for together with it, letters that pose as those
/// of another alphabet (alphabet.hpp), and, for Charset::ascii, everything beyond ASCII. More blanks in a row than an
/// indentation has are counted: \{40 spaces}. Two different texts never look the same. Throws nothing but
/// std::bad_alloc.
[[nodiscard]] std::string escape(std::string_view text, Charset charset = Charset::unicode);

/// `text` escaped and between quotes; quotes inside it get a backslash.
[[nodiscard]] std::string quote(std::string_view text, Charset charset = Charset::unicode);

/// The same in parts, each of which ends where a line of `text` does. Many empty lines are one part: \{14 empty lines}.
[[nodiscard]] std::vector<std::string> quote_lines(std::string_view text, Charset charset = Charset::unicode);

/// `text`, which is shown as it is otherwise, with its blanks counted as escape() counts them.
[[nodiscard]] std::string count_blanks(std::string_view text);

/// A name as it is when it consists of letters, digits and . _ - / : @ alone, else quoted, so that it cannot pose as
/// more than a name.
[[nodiscard]] std::string name_text(std::string_view name, Charset charset = Charset::unicode);

/// `text` in quotes, with an apostrophe before what a spreadsheet would take for a formula; escaped, so that it never breaks
/// its line.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace approvekit::text
