#include "manual.hpp"

#include "approvekit/version.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace approvekit::tools {
namespace {

/// `text` so that man prints it and obeys none of it.
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

/// Lines that are to stand as they are.
void add_verbatim(std::ostream& page, const std::string& text) {
    page << ".nf\n";
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        page << plain(line) << '\n';
    page << ".fi\n";
}

}  // namespace

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

}  // namespace approvekit::tools
