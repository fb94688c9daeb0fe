#include "redaction/decoded_text.hpp"

#include "json/strict_reader.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <charconv>

namespace approvekit::redaction {
namespace {

/// The text of one encoded character, and how many bytes of the source it takes. A `length` of 0 means that there is
/// none.
struct Decoded {
    std::string text;
    std::size_t length = 0;
};

std::optional<unsigned> hexadecimal(std::string_view source, std::size_t offset, std::size_t digits) {
    if (source.size() < offset + digits) return std::nullopt;
    unsigned value = 0;
    const char* const first = source.data() + offset;
    const auto [end, error] = std::from_chars(first, first + digits, value, 16);
    return error == std::errc() && end == first + digits ? std::optional(value) : std::nullopt;
}

std::string utf8(unsigned code_point) {
    const auto tail = [code_point](int shift) { return static_cast<char>(0x80 | ((code_point >> shift) & 0x3f)); };
    const auto lead = [code_point](unsigned mark, int shift) {
        return static_cast<char>(mark | (code_point >> shift));
    };
    if (code_point < 0x80) return {static_cast<char>(code_point)};
    if (code_point < 0x800) return {lead(0xc0, 6), tail(0)};
    if (code_point < 0x10000) return {lead(0xe0, 12), tail(6), tail(0)};
    return {lead(0xf0, 18), tail(12), tail(6), tail(0)};
}

Decoded decode_percent(std::string_view source, std::size_t offset) {
    const auto byte = hexadecimal(source, offset + 1, 2);
    if (!byte) return {};
    return {.text = {static_cast<char>(*byte)}, .length = 3};
}

/// Decodes \u0041, or two such escapes that form one character beyond U+FFFF.
Decoded decode_unicode(std::string_view source, std::size_t offset) {
    const auto unit = hexadecimal(source, offset + 2, 4);
    if (!unit) return {};
    if ((*unit & 0xfc00) == 0xd800 && source.substr(offset + 6).starts_with("\\u")) {
        const auto low = hexadecimal(source, offset + 8, 4);
        if (low && (*low & 0xfc00) == 0xdc00) {
            return {.text = utf8(0x10000 + ((*unit & 0x3ff) << 10) + (*low & 0x3ff)), .length = 12};
        }
    }
    return {.text = utf8(*unit), .length = 6};
}

Decoded decode_escape(std::string_view source, std::size_t offset) {
    constexpr std::string_view letters = "\"\\/'bfnrt";
    constexpr std::string_view meanings = "\"\\/'\b\f\n\r\t";
    if (offset + 1 == source.size()) return {};
    const char letter = source[offset + 1];
    if (letter == 'u') return decode_unicode(source, offset);
    if (letter == 'x') {
        const auto byte = hexadecimal(source, offset + 2, 2);
        return byte ? Decoded{.text = {static_cast<char>(*byte)}, .length = 4} : Decoded{};
    }
    const std::size_t at = letters.find(letter);
    return at == std::string_view::npos ? Decoded{} : Decoded{.text = {meanings[at]}, .length = 2};
}

/// Decodes to nothing a line break in base64, with the blanks around it. The line before it is so long that it is
/// hardly the end of a sentence.
Decoded decode_line_break(std::string_view source, std::size_t offset) {
    constexpr std::size_t shortest_line = 16;
    const std::string_view behind = source.substr(offset);
    const std::size_t length = std::min(behind.find_first_not_of(" \t\r\n"), behind.size());
    const bool is_line = offset >= shortest_line && length < behind.size() && is_base64_digit(behind[length]) &&
                         std::all_of(source.begin() + static_cast<std::ptrdiff_t>(offset - shortest_line),
                                     source.begin() + static_cast<std::ptrdiff_t>(offset), is_base64_digit);
    return is_line ? Decoded{.text = {}, .length = length} : Decoded{};
}

Decoded decode_at(std::string_view source, std::size_t offset, Encoding encoding) {
    switch (encoding) {
        case Encoding::percent:
            return decode_percent(source, offset);
        case Encoding::escapes:
            return decode_escape(source, offset);
        case Encoding::lines:
            break;
    }
    return decode_line_break(source, offset);
}

/// The characters with which something encoded begins.
std::string_view marks_of(Encoding encoding) {
    if (encoding == Encoding::lines) return "\r\n";
    return encoding == Encoding::percent ? "%" : "\\";
}

}  // namespace

bool is_base64_digit(char character) noexcept {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    return digits.find(character) != std::string_view::npos;
}

std::optional<DecodedText> DecodedText::decode(std::string_view source, Encoding encoding) {
    const std::string_view marks = marks_of(encoding);
    std::size_t at = source.find_first_of(marks);
    if (at == std::string_view::npos) return std::nullopt;

    DecodedText result(source.size());
    std::size_t done = 0;
    while (at != std::string_view::npos) {
        const Decoded decoded = decode_at(source, at, encoding);
        if (decoded.length > 0) {
            result.append_plain(source, done, at);
            result.append_decoded(decoded.text, at);
            done = at + decoded.length;
        }
        at = source.find_first_of(marks, at + std::max<std::size_t>(decoded.length, 1));
    }
    if (done == 0) return std::nullopt;
    result.append_plain(source, done, source.size());
    result.origins_.push_back(source.size());
    return result;
}

DecodedText::DecodedText(std::size_t source_size) {
    text_.reserve(source_size);
    origins_.reserve(source_size + 1);
}

void DecodedText::append_decoded(std::string_view decoded, std::size_t offset) {
    text_ += decoded;
    origins_.insert(origins_.end(), decoded.size(), offset);
}

void DecodedText::append_plain(std::string_view source, std::size_t begin, std::size_t end) {
    text_ += source.substr(begin, end - begin);
    for (std::size_t offset = begin; offset < end; ++offset) {
        origins_.push_back(offset);
    }
}

namespace {

bool starts_json(char32_t code) noexcept {
    return code == U'{' || code == U'[' || code == U'"';
}

/// Returns the length of the comment at the start of `text`, or 0 if there is none. A comment that does not end takes
/// all of `text`.
std::size_t comment_length(std::string_view text) noexcept {
    const auto up_to = [&](std::size_t end, std::size_t more) {
        return end == std::string_view::npos ? text.size() : end + more;
    };
    if (text.starts_with("/*")) return up_to(text.find("*/", 2), 2);
    if (!text.starts_with("//") && !text.starts_with('#')) return 0;
    const std::size_t line_end = text.find_first_of("\r\n");
    const std::string_view line = text.substr(0, line_end);
    return up_to(std::min({line_end, line.find("\u2028"), line.find("\u2029")}), 0);
}

bool starts_json_behind(std::string_view text, bool comments_count) noexcept {
    while (!text.empty()) {
        const std::size_t comment = comments_count ? 0 : comment_length(text);
        const text::Glyph glyph = text::first_glyph(text);
        if (comment == 0 && starts_json(glyph.code)) return true;
        if (comment == 0 && glyph.valid && text::is_drawn_alphanumeric(glyph.code)) return false;
        text.remove_prefix(std::max(comment, glyph.bytes));
    }
    return false;
}

}  // namespace

bool looks_like_json(std::string_view text) noexcept {
    return starts_json_behind(text, true) || starts_json_behind(text, false);
}

std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth) {
    json::JsonValueBuilder builder;
    const JsonLimits limits{.bytes = text.size(), .depth = json::deepest_json - depth};
    if (json::read_json(text::without_blanks_around(text), limits, builder)) return std::nullopt;
    return std::make_optional<Json>(builder.take());
}

}  // namespace approvekit::redaction
