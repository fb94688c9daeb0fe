#include "text/escape.hpp"

#include "text/alphabet.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace approvekit::text {
namespace {

// No script puts more of these marks on one letter. More would reach into the lines above and below.
constexpr int most_marks = 2;

// No code is indented deeper than this.
constexpr std::size_t most_blanks = 16;

// Two empty lines separate paragraphs; more push the following text out of sight.
constexpr std::size_t most_empty_lines = 2;

/// Returns for example "\{14 empty lines}", which describes something instead of showing it. No text can imitate it,
/// since the backslashes of a text are doubled.
std::string statement(std::size_t count, std::string_view what) {
    return "\\{" + std::to_string(count) + " " + std::string(what) + "}";
}

std::size_t leading_blanks(std::string_view text) noexcept {
    return std::min(text.find_first_not_of(' '), text.size());
}

void append_code(std::string& out, char kind, char32_t code, int digits) {
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    out += '\\';
    out += kind;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += hexadecimal[(code >> shift) & 0xFu];
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

void append_escaped(std::string& out, const Glyph& glyph) {
    if (const auto escaped = short_escape(glyph.code); glyph.valid && !escaped.empty()) {
        out += escaped;
    } else if (!glyph.valid || glyph.code < 0x80) {
        append_code(out, 'x', glyph.code, 2);
    } else if (glyph.code <= 0xFFFF) {
        append_code(out, 'u', glyph.code, 4);
    } else {
        append_code(out, 'U', glyph.code, 8);
    }
}

/// Escapes one text, letter by letter; a letter's marks are handled with it.
class Escaper {
public:
    Escaper(std::string_view text, Charset charset)
        : text_(text), charset_(charset), posing_(find_posing_letters(text)), next_posing_(posing_.begin()) {}

    [[nodiscard]] std::string run() && {
        while (at_ < text_.size()) {
            if (!append_blanks()) append_letter();
        }
        return std::move(out_);
    }

private:
    /// Replaces a run of blanks by its count if it is so long that it would push the following text out of sight.
    bool append_blanks() {
        const std::size_t blanks = leading_blanks(text_.substr(at_));
        if (blanks <= most_blanks) return false;
        out_ += statement(blanks, "spaces");
        at_ += blanks;
        return true;
    }

    void append_letter() {
        const Glyph first = first_glyph(text_.substr(at_));
        std::size_t end = at_ + first.bytes;
        while (first_mark(end) > 0)
            end += first_mark(end);
        const bool takes_marks = end > at_ + first.bytes && first.valid && is_letter(first.code) &&
                                 is_composed(text_.substr(at_, end - at_));
        bool is_whole = append(first, !first.valid || !is_mark(first.code)) && takes_marks;
        int stacked = 0;
        while (at_ < end) {
            const Glyph mark = first_glyph(text_.substr(at_));
            if (is_stacked_mark(mark.code)) ++stacked;
            is_whole = append(mark, is_whole && stacked <= most_marks) && is_whole;
        }
    }

    /// Returns the size in bytes of the mark at `offset`, or 0 if there is none.
    [[nodiscard]] std::size_t first_mark(std::size_t offset) const noexcept {
        const Glyph glyph = first_glyph(text_.substr(offset));
        return glyph.valid && is_mark(glyph.code) ? glyph.bytes : 0;
    }

    /// Appends the character at the current place of the text. Returns whether it is shown as it is.
    bool append(const Glyph& glyph, bool may_be_shown) {
        const bool poses = next_posing_ != posing_.end() && *next_posing_ == at_;
        if (poses) ++next_posing_;
        const bool is_shown = may_be_shown && !poses && glyph.valid && !is_hidden(glyph.code) && glyph.code != '\\' &&
                              (charset_ == Charset::unicode || glyph.code < 0x80);
        if (is_shown) {
            out_ += text_.substr(at_, glyph.bytes);
        } else {
            append_escaped(out_, glyph);
        }
        at_ += glyph.bytes;
        return is_shown;
    }

    std::string_view text_;
    Charset charset_;
    std::vector<std::size_t> posing_;
    std::vector<std::size_t>::const_iterator next_posing_;
    std::size_t at_ = 0;
    std::string out_;
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

bool starts_formula(std::string_view text) noexcept {
    constexpr std::string_view signs = "=+-@\t\r\n";
    // The full-width forms of the same signs, which some spreadsheets treat like the plain ones.
    constexpr std::array wide_signs{"\uff1d", "\uff0b", "\uff0d", "\uff20"};
    if (text.empty()) return false;
    if (signs.find(text[0]) != std::string_view::npos) return true;
    for (const std::string_view sign : wide_signs) {
        if (text.starts_with(sign)) return true;
    }
    return false;
}

}  // namespace

std::string escape(std::string_view text, Charset charset) {
    return Escaper(text, charset).run();
}

std::string count_blanks(std::string_view text) {
    std::string counted;
    while (!text.empty()) {
        const std::size_t blanks = leading_blanks(text);
        const std::size_t end = std::min(text.find(' ', blanks), text.size());
        counted += blanks > most_blanks ? statement(blanks, "spaces") : std::string(blanks, ' ');
        counted += text.substr(blanks, end - blanks);
        text.remove_prefix(end);
    }
    return counted;
}

std::string quote(std::string_view text, Charset charset) {
    return '"' + escape_with_quotes(text, charset) + '"';
}

std::vector<std::string> quote_lines(std::string_view text, Charset charset) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    do {
        const std::size_t text_start = std::min(text.find_first_not_of('\n', start), text.size());
        if (text_start - start > most_empty_lines) {
            parts.push_back(statement(text_start - start, "empty lines"));
            start = text_start;
            continue;
        }
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

std::string csv_cell(std::string_view text) {
    std::string cell = starts_formula(text) ? "\"'" : "\"";
    for (const char character : escape(text)) {
        if (character == '"') cell += '"';
        cell += character;
    }
    return cell += '"';
}

}  // namespace approvekit::text
