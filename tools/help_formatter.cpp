#include "help_formatter.hpp"

#include <cstddef>
#include <sstream>
#include <string_view>

namespace approvekit::tools {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t text_column = 30;

/// Adds the words of `text` to `lines`, whose last line ends at `column`; further lines start at `indent`.
void add_words(std::string& lines, std::string_view text, std::size_t column, std::size_t indent) {
    std::istringstream words{std::string(text)};
    bool is_first = true;
    for (std::string word; words >> word; is_first = false) {
        if (!is_first && column + 1 + word.size() > width) {
            lines += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (!is_first) {
            lines += ' ';
            ++column;
        }
        lines += word;
        column += word.size();
    }
    lines += '\n';
}

/// A line that is too long for the screen continues on the next one, after a comma.
std::string broken_at_comma(std::string line) {
    constexpr const char* margin = "\n        ";
    const std::size_t comma = line.size() > width ? line.rfind(',', width - 1) : std::string::npos;
    return comma == std::string::npos ? line : line.insert(comma + 1, margin);
}

std::string entry(const std::string& name, std::string_view text) {
    std::string lines = broken_at_comma("  " + name);
    if (lines.size() >= text_column) lines += '\n';
    const std::size_t line_start = lines.rfind('\n') == std::string::npos ? 0 : lines.size();
    lines.append(text_column - (lines.size() - line_start), ' ');
    add_words(lines, text, text_column, text_column);
    return lines;
}

}  // namespace

std::string HelpFormatter::make_description(const CLI::App* app) const {
    std::string lines;
    add_words(lines, app->get_description(), 0, 0);
    return lines;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
    return entry(make_option_name(option, is_positional) + make_option_opts(option), make_option_desc(option));
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
    return entry(command->get_display_name(true), command->get_description());
}

}  // namespace approvekit::tools
