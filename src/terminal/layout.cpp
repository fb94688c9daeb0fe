#include "terminal/layout.hpp"

#include "text/glyph.hpp"

#include <algorithm>

namespace approvekit::terminal {
namespace {

/// A part of a line that is never broken: one character, or one escape.
struct Piece {
    std::size_t bytes = 0;
    std::size_t columns = 0;
};

std::size_t escape_length(char kind) noexcept {
    switch (kind) {
        case 'x':
            return 4;
        case 'u':
            return 6;
        case 'U':
            return 10;
        default:
            return 2;
    }
}

Piece first_piece(std::string_view text) noexcept {
    if (text[0] == '\x1b') return {std::min(text.find('m'), text.size() - 1) + 1, 0};
    if (text.size() > 1 && text[0] == '\\') {
        const std::size_t length = std::min(escape_length(text[1]), text.size());
        return {length, length};
    }
    const text::Glyph glyph = text::first_glyph(text);
    return {glyph.bytes, text::columns(glyph.code)};
}

/// Returns how many bytes at the start of `text` make a line of `width` columns.
std::size_t line_length(std::string_view text, std::size_t width) noexcept {
    std::size_t bytes = 0;
    std::size_t used = 0;
    std::size_t behind_blank = 0;
    while (bytes < text.size()) {
        const Piece piece = first_piece(text.substr(bytes));
        if (bytes > 0 && used + piece.columns > width) return behind_blank > 0 ? behind_blank : bytes;
        bytes += piece.bytes;
        used += piece.columns;
        // Break only after a word: further blanks then begin the next line, where one sees how many there are.
        if (bytes > 1 && text[bytes - 1] == ' ' && text[bytes - 2] != ' ') behind_blank = bytes;
    }
    return bytes;
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
    std::size_t sum = 0;
    while (!text.empty()) {
        const Piece piece = first_piece(text);
        sum += piece.columns;
        text.remove_prefix(piece.bytes);
    }
    return sum;
}

std::size_t rows(std::string_view text, std::size_t width) noexcept {
    std::size_t rows = 1;
    std::size_t used = 0;
    while (!text.empty()) {
        const Piece piece = first_piece(text);
        if (used > 0 && used + piece.columns > width) {
            // A character that no longer fits leaves the rest of its row empty.
            ++rows;
            used = 0;
        }
        for (used += piece.columns; used > width; used -= width)
            ++rows;
        text.remove_prefix(piece.bytes);
    }
    return rows;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    do {
        const std::size_t length = line_length(text, width);
        lines.emplace_back(text.substr(0, length));
        text.remove_prefix(length);
    } while (!text.empty());
    return lines;
}

std::string pad(std::string_view text, std::size_t width) {
    std::string padded(text);
    padded.append(width - std::min(width, columns(text)), ' ');
    return padded;
}

std::string shorten(std::string_view text, std::size_t width) {
    if (columns(text) <= width) return std::string(text);
    std::size_t bytes = 0;
    std::size_t used = 3;
    for (Piece piece = first_piece(text); used + piece.columns <= width; piece = first_piece(text.substr(bytes))) {
        bytes += piece.bytes;
        used += piece.columns;
    }
    return std::string(text.substr(0, bytes)) + "...";
}

}  // namespace approvekit::terminal
