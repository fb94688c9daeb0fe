#include "command_text.hpp"

#include "approvekit/version.hpp"
#include "completion.hpp"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <sstream>

namespace approvekit::tools {
namespace {

/// The choices in "TEXT:{pending,approved}"; nothing if any value is allowed.
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

/// `text` escaped for man, so that none of it acts as a command.
std::string plain(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '\\')
            safe += "\\e";
        else if (letter == '-')
            safe += "\\-";
        else
            safe += letter;
    }
    if (safe.starts_with('.') || safe.starts_with('\'')) safe.insert(0, "\\&");
    return safe;
}

std::string upper_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return text;
}

void add(std::ostream& page, const OptionText& option) {
    page << ".TP\n";
    for (std::size_t index = 0; index < option.names.size(); ++index)
        page << (index == 0 ? "" : ", ") << "\\fB" << plain(option.names[index]) << "\\fR";
    if (option.takes_value() && option.names.front().starts_with('-')) page << " \\fI" << plain(option.value) << "\\fR";
    page << '\n' << plain(option.description) << ".\n";
    for (std::size_t index = 0; index < option.choices.size(); ++index)
        page << (index == 0 ? "One of " : ", ") << "\\fB" << plain(option.choices[index]) << "\\fR";
    if (!option.choices.empty()) page << ".\n";
}

void add(std::ostream& page, const CommandText& command, const std::string& path) {
    page << ".SS " << plain(path) << '\n' << plain(command.description) << ".\n";
    for (const auto* const options : {&command.arguments, &command.options}) {
        for (const OptionText& option : *options)
            if (option.names.back() != "--help") add(page, option);
    }
    for (const CommandText& inner : command.commands)
        add(page, inner, path + " " + inner.name);
}

/// Lines that must not be changed.
void add_verbatim(std::ostream& page, const std::string& text) {
    page << ".nf\n";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        page << plain(line) << '\n';
    page << ".fi\n";
}

/// The tool's manual page, section 1, as man reads it.
std::string manual_page(const CommandText& tool) {
    std::ostringstream page;
    page << ".TH " << plain(upper_case(tool.name)) << " 1 \"\" \"ApproveKit " << version() << "\"\n"
         << ".SH NAME\n"
         << plain(tool.name) << " \\- " << plain(tool.description) << '\n'
         << ".SH SYNOPSIS\n\\fB" << plain(tool.name) << "\\fR [\\fIOPTIONS\\fR]"
         << (tool.commands.empty() ? "" : " [\\fICOMMAND\\fR]") << '\n'
         << ".SH OPTIONS\n";
    for (const OptionText& option : tool.options)
        add(page, option);
    if (!tool.commands.empty()) page << ".SH COMMANDS\n";
    for (const CommandText& command : tool.commands)
        add(page, command, command.name);
    page << ".SH EXAMPLES\n";
    add_verbatim(page, tool.footer);
    return page.str();
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
