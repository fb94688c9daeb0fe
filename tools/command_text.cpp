#include "command_text.hpp"

#include "completion.hpp"
#include "manual.hpp"

#include <iostream>
#include <sstream>

namespace approvekit::tools {
namespace {

/// The words of "TEXT:{pending,approved}"; nothing where any value may follow.
std::vector<std::string> choices_of(const std::string& type) {
    std::vector<std::string> choices;
    const auto first = type.find('{');
    const auto last = type.find('}');
    if (first == std::string::npos || last == std::string::npos) return choices;
    std::istringstream words(type.substr(first + 1, last - first - 1));
    for (std::string word; std::getline(words, word, ',');)
        choices.push_back(word);
    return choices;
}

OptionText text_of(const CLI::Option& option) {
    OptionText text;
    for (const std::string& name : option.get_snames())
        text.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        text.names.push_back("--" + name);
    if (text.names.empty()) text.names.push_back(option.get_name(true));
    const std::string type = option.get_type_name();
    text.choices = choices_of(type);
    if (option.get_items_expected_max() > 0) text.value = type.substr(0, type.find(':'));
    text.description = option.get_description();
    text.repeats = option.get_items_expected_max() > 1;
    return text;
}

}  // namespace

CommandText text_of(const CLI::App& app) {
    CommandText text{.name = app.get_name(),
                     .description = app.get_description(),
                     .footer = app.get_footer(),
                     .options = {},
                     .arguments = {},
                     .commands = {}};
    for (const CLI::Option* const option : app.get_options())
        (option->get_positional() ? text.arguments : text.options).push_back(text_of(*option));
    const auto is_every_command = [](const CLI::App*) { return true; };
    for (const CLI::App* const command : app.get_subcommands(is_every_command))
        text.commands.push_back(text_of(*command));
    return text;
}

void add_self_description(CLI::App& app) {
    const auto print = [&app](const std::string& shell) {
        std::cout << completion_for(text_of(app), shell);
        throw CLI::Success();
    };
    app.add_option_function<std::string>("--completion", print, "Print what a shell needs to complete this command")
        ->check(CLI::IsMember({"bash", "fish", "zsh"}))
        ->trigger_on_parse();
    const auto print_manual = [&app](std::int64_t) {
        std::cout << manual_page(text_of(app));
        throw CLI::Success();
    };
    app.add_flag_function("--manual", print_manual, "Print the manual page, for man")->trigger_on_parse();
}

}  // namespace approvekit::tools
