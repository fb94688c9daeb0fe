#include "property.hpp"

#include "text/escape.hpp"
#include "text/glyph.hpp"

#include <charconv>
#include <numeric>
#include <string>

namespace approvekit::fuzz {
namespace {

using text::Charset;

bool is_harmless(std::string_view text, text::Charset charset) {
    while (!text.empty()) {
        const text::Glyph glyph = text::first_glyph(text);
        if (!glyph.valid || text::is_hidden(glyph.code) || glyph.code == '\n') return false;
        if (charset == text::Charset::ascii && glyph.code >= 0x80) return false;
        text.remove_prefix(glyph.bytes);
    }
    return true;
}

char low_byte(char32_t code) {
    return static_cast<char>(code & 0xff);
}

std::string utf8(char32_t code) {
    const auto rest = [&](int shift) { return low_byte(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x800) return {low_byte(0xc0 | code >> 6), rest(0)};
    if (code < 0x10000) return {low_byte(0xe0 | code >> 12), rest(6), rest(0)};
    return {low_byte(0xf0 | code >> 18), rest(12), rest(6), rest(0)};
}

/// Removes `\{14 empty lines}` or `\{300 spaces}` from the start of `text`, and returns what it stands for.
std::string take_count(std::string_view& text) {
    const std::string_view counted = text.substr(0, text.find('}'));
    std::size_t count = 0;
    std::from_chars(counted.data() + 2, counted.data() + counted.size(), count);
    text.remove_prefix(counted.size() + 1);
    return std::string(count, counted.ends_with("lines") ? '\n' : ' ');
}

/// Removes the form of one escaped character from the start of `text`, and returns what it stands for.
std::string take_escape(std::string_view& text) {
    const char kind = text.at(1);
    if (kind == '{') return take_count(text);
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    unsigned long code = 0;
    std::from_chars(text.data() + 2, text.data() + 2 + digits, code, 16);
    text.remove_prefix(2 + digits);
    switch (kind) {
        case 'n':
            return "\n";
        case 'r':
            return "\r";
        case 't':
            return "\t";
        case 'x':
            return {low_byte(static_cast<char32_t>(code))};
        case 'u':
        case 'U':
            return utf8(static_cast<char32_t>(code));
        default:
            return {kind};
    }
}

std::string unescaped(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        if (text.front() == '\\') {
            result += take_escape(text);
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace

void terminal(std::string_view bytes) {
    for (const text::Charset charset : {text::Charset::unicode, text::Charset::ascii}) {
        const std::string escaped = text::escape(bytes, charset);
        require(is_harmless(escaped, charset), "what is shown commands and hides nothing");
        require(unescaped(escaped) == bytes, "what is shown can be told from everything else");
        const std::string quoted = text::quote(bytes, charset);
        require(is_harmless(quoted, charset), "what is quoted commands and hides nothing");
        require(unescaped(std::string_view(quoted).substr(1, quoted.size() - 2)) == bytes, "nor does quoting lose any");
        const auto lines = text::quote_lines(bytes, charset);
        for (const std::string& line : lines)
            require(is_harmless(line, charset), "no line commands or hides anything");
        const std::string joined = std::accumulate(lines.begin(), lines.end(), std::string());
        require(unescaped(std::string_view(joined).substr(1, joined.size() - 2)) == bytes, "lines lose nothing either");
    }
}

}  // namespace approvekit::fuzz
