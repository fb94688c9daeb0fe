#include "terminal/screen.hpp"

#include "terminal/layout.hpp"

#include <algorithm>

namespace approvekit::terminal {
namespace {

std::string_view sequence(Colour colour) noexcept {
    switch (colour) {
        case Colour::bold:
            return "\x1b[1m";
        case Colour::dim:
            return "\x1b[2m";
        case Colour::red:
            return "\x1b[1;31m";
        case Colour::green:
            return "\x1b[32m";
        case Colour::yellow:
            return "\x1b[33m";
        case Colour::cyan:
            return "\x1b[36m";
        case Colour::plain:
            break;
    }
    return {};
}

}  // namespace

std::string Paint::operator()(Colour colour, std::string_view text) const {
    if (!on_ || colour == Colour::plain || text.empty()) return std::string(text);
    return std::string(sequence(colour)).append(text).append("\x1b[0m");
}

namespace {

// As wide as the longest escape.
constexpr std::size_t narrowest = 10;

}  // namespace

std::size_t Screen::rows_of(std::string_view line) const noexcept {
    return rows(line, columns == 0 ? width : columns);
}

void Lines::add(std::size_t indent, std::string_view text, Colour colour, std::size_t hanging) {
    std::size_t margin = indent;
    for (const std::string& line : wrap(text, room(indent + hanging))) {
        lines_.push_back(std::string(margin, ' ') + screen_.paint(colour, line));
        margin = indent + hanging;
    }
}

void Lines::add_row(std::size_t indent, std::string_view label, std::size_t label_width, std::string_view text,
                    Colour colour) {
    add_row(indent, label, label_width, std::vector{std::string(text)}, colour);
}

void Lines::add_row(std::size_t indent, std::string_view label, std::size_t label_width,
                    const std::vector<std::string>& parts, Colour colour) {
    const std::size_t column = indent + label_width + 2;
    std::string margin = std::string(indent, ' ') + screen_.paint(Colour::cyan, pad(label, label_width)) + "  ";
    if (columns(label) > label_width) {
        add(indent, label, Colour::cyan);
        margin.assign(column, ' ');
    }
    for (const std::string& part : parts) {
        for (const std::string& line : wrap(part, room(column))) {
            lines_.push_back(margin + screen_.paint(colour, line));
            margin.assign(column, ' ');
        }
    }
}

void Lines::add_notes(std::size_t indent, std::string_view notes) {
    if (notes.empty()) return;
    for (const std::string& part : text::quote_lines(notes, screen_.charset)) {
        add(indent, part);
    }
}

std::string Lines::text(std::size_t first, std::size_t end) const {
    std::string text;
    for (std::size_t index = first; index < end; ++index) {
        const std::string& line = lines_[index];
        text.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
    }
    return text;
}

std::size_t Lines::room(std::size_t indent) const noexcept {
    return std::max(screen_.width, indent + narrowest) - indent;
}

}  // namespace approvekit::terminal
