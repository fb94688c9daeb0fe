#pragma once

#include <string_view>

namespace approvekit::terminal {

/// What a person can tell the prompt to do.
enum class Verb { list, more, show, approve, reject, answer, audit, help, quit, unknown };

/// One line of the prompt, split into its parts. Refers into the line.
struct Command {
    Verb verb = Verb::unknown;
    std::string_view word;   ///< the verb as it was typed
    std::string_view id;     ///< empty if none was given
    std::string_view notes;  ///< the rest of the line, without blanks around it
};

/// Removes the first word from `text`, with the blanks around it, and returns the word.
std::string_view take_word(std::string_view& text) noexcept;

/// An empty line means `list`.
[[nodiscard]] Command parse_command(std::string_view line) noexcept;

}  // namespace approvekit::terminal
