#include "terminal/command.hpp"

#include "base/enum_names.hpp"

#include <algorithm>

namespace approvekit::terminal {
namespace {

constexpr base::EnumNames<Verb, 12> verb_names({
    {Verb::list, ""},
    {Verb::list, "list"},
    {Verb::more, "more"},
    {Verb::show, "show"},
    {Verb::approve, "approve"},
    {Verb::reject, "reject"},
    {Verb::answer, "answer"},
    {Verb::audit, "audit"},
    {Verb::help, "help"},
    {Verb::quit, "quit"},
    {Verb::quit, "q"},
    {Verb::quit, "exit"},
});

constexpr std::string_view blanks = " \t\r";

std::string_view trim(std::string_view text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

}  // namespace

std::string_view take_word(std::string_view& text) noexcept {
    text = trim(text);
    const std::string_view word = text.substr(0, text.find_first_of(blanks));
    text = trim(text.substr(word.size()));
    return word;
}

Command parse_command(std::string_view line) noexcept {
    Command command;
    command.word = take_word(line);
    command.verb = verb_names.value(command.word).value_or(Verb::unknown);
    command.id = take_word(line);
    command.notes = line;
    return command;
}

}  // namespace approvekit::terminal
