#pragma once

#include <string_view>

namespace approvekit::terminal {

/// What a person can say to the prompt.
enum class Verb { list, more, show, approve, reject, answer, audit, help, quit, unknown };

/// One line of the prompt, taken apart. Refers into the line.
struct Command {
    Verb verb = Verb::unknown;
    std::string_view word;   ///< the verb as it was typed
    std::string_view id;     ///< empty where none was given
    std::string_view notes;  ///< the rest of the line, without blanks around it
};

/// Takes the first word off `text`, and the blanks around it.
std::string_view take_word(std::string_view& text) noexcept;

/// An empty line is a list.
[[nodiscard]] Command parse_command(std::string_view line) noexcept;

}  // namespace approvekit::terminal
