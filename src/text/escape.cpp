#include "text/escape.hpp"

#include "text/glyph.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::terminal {
namespace {

// More of them upon one letter is not writing, and reaches into the lines above and below.
constexpr int most_marks = 2;

void append_code(std::string& out, char kind, char32_t code, int digits) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    out += '\\';
    out += kind;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += hexadecimal[(code >> shift) & 0xFu];
}

void append_escaped(std::string& out, const Glyph& glyph) {
    if (!glyph.valid || glyph.code < 0x80) {
        append_code(out, 'x', glyph.code, 2);
    } else if (glyph.code <= 0xFFFF) {
        append_code(out, 'u', glyph.code, 4);
    } else {
        append_code(out, 'U', glyph.code, 8);
    }
}

std::string_view short_escape(char32_t code) noexcept {
    switch (code) {
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        case '\t':
            return "\\t";
        case '\\':
            return "\\\\";
        default:
            return {};
    }
}

/// Writes one text, remembering how many marks stand upon the last letter.
class Escaper {
public:
    explicit Escaper(Charset charset) noexcept : charset_(charset) {}

    void append(std::string_view bytes, const Glyph& glyph) {
        if (const auto escaped = short_escape(glyph.code); glyph.valid && !escaped.empty()) {
            out_ += escaped;
            marks_ = most_marks;
        } else if (is_shown(glyph)) {
            out_ += bytes;
            marks_ = is_mark(glyph.code) ? marks_ + 1 : 0;
        } else {
            append_escaped(out_, glyph);
            marks_ = most_marks;
        }
    }

    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    [[nodiscard]] bool is_shown(const Glyph& glyph) const noexcept {
        if (!glyph.valid || is_hidden(glyph.code)) return false;
        if (is_mark(glyph.code) && marks_ >= most_marks) return false;
        return charset_ == Charset::unicode || glyph.code < 0x80;
    }

    Charset charset_;
    std::string out_;
    int marks_ = most_marks;  // a mark that comes first would be drawn upon what stands before the text
};

std::string escape_with_quotes(std::string_view text, Charset charset) {
    std::string escaped;
    for (const char character : escape(text, charset)) {
        if (character == '"') escaped += '\\';
        escaped += character;
    }
    return escaped;
}

bool is_plain(char character) noexcept {
    constexpr std::string_view signs = "._-/:@";
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || signs.find(character) != std::string_view::npos;
}

}  // namespace

std::string escape(std::string_view text, Charset charset) {
    Escaper escaper{charset};
    while (!text.empty()) {
        const Glyph glyph = first_glyph(text);
        escaper.append(text.substr(0, glyph.bytes), glyph);
        text.remove_prefix(glyph.bytes);
    }
    return std::move(escaper).take();
}

std::string quote(std::string_view text, Charset charset) {
    return '"' + escape_with_quotes(text, charset) + '"';
}

std::vector<std::string> quote_lines(std::string_view text, Charset charset) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    do {
        const std::size_t newline = text.find('\n', start);
        const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
        parts.push_back(escape_with_quotes(text.substr(start, end - start), charset));
        start = end;
    } while (start < text.size());
    parts.front().insert(0, 1, '"');
    parts.back() += '"';
    return parts;
}

std::string name_text(std::string_view name, Charset charset) {
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), is_plain);
    return plain ? std::string(name) : quote(name, charset);
}

}  // namespace approvekit::terminal
