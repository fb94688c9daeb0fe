#include "text/glyph.hpp"

#include "text/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace approvekit::text {
namespace {

// No script has a letter that takes more code points than this with its marks.
constexpr utf8proc_ssize_t most_decomposed = 32;

struct Range {
    char32_t first;
    char32_t last;
};

// Blank or not drawn, although their Unicode category says otherwise.
constexpr Range blank_ranges[] = {
    {0x2800, 0x2800}, {0xFFFC, 0xFFFC}, {0x13441, 0x13442}, {0x16FE4, 0x16FE4}, {0x1D159, 0x1D159},
};

// Characters that are drawn like ASCII ones, and Hangul letters that are drawn like a whole syllable or a letter by
// itself.
constexpr Range twin_ranges[] = {
    {0x1C3, 0x1C3},   {0x2D7, 0x2D7},   {0x1100, 0x11FF}, {0x2010, 0x2012}, {0x2024, 0x2024}, {0x2043, 0x2044},
    {0x2160, 0x217F}, {0x2212, 0x2212}, {0x2215, 0x2217}, {0x2223, 0x2223}, {0x2236, 0x2236}, {0x223C, 0x223C},
    {0x29F5, 0x29F5}, {0x29F8, 0x29F8}, {0xA789, 0xA789}, {0xA960, 0xA97F}, {0xD7B0, 0xD7FF}, {0x1D400, 0x1D7FF},
};

// Wider than the Unicode standard says: whole blocks, since some terminals use two columns for characters in them.
constexpr Range wide_ranges[] = {
    {0x1100, 0x115F}, {0x2300, 0x23FF}, {0x25FD, 0x25FE}, {0x2600, 0x27BF},    {0x2B00, 0x2BFF},
    {0x2E80, 0xA4CF}, {0xA960, 0xA97F}, {0xAC00, 0xD7FF}, {0xF900, 0xFAFF},    {0xFE10, 0xFE1F},
    {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x10000, 0x10FFFF},
};

template <std::size_t Count>
bool holds(const Range (&ranges)[Count], char32_t code) noexcept {
    const auto* const after = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                               [](char32_t value, const Range& range) { return value < range.first; });
    return after != std::begin(ranges) && code <= std::prev(after)->last;
}

const utf8proc_property_t& property_of(char32_t code) noexcept {
    return *utf8proc_get_property(static_cast<utf8proc_int32_t>(code));
}

/// False for controls, formats, surrogates, private and unassigned code points, and separators.
bool is_shown_by_category(char32_t code) noexcept {
    switch (property_of(code).category) {
        case UTF8PROC_CATEGORY_CN:
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_CS:
        case UTF8PROC_CATEGORY_CO:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return false;
        case UTF8PROC_CATEGORY_ZS:
            return code == ' ';
        default:
            return true;
    }
}

/// Whether normal form C replaces this character by another.
bool is_written_otherwise(char32_t code) noexcept {
    const utf8proc_property_t& property = property_of(code);
    if (property.decomp_seqindex == UINT16_MAX || property.decomp_type != 0) return false;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
    return !is_composed({reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size)});
}

char32_t decode(std::string_view sequence) noexcept {
    if (sequence.size() == 1) return static_cast<unsigned char>(sequence[0]);
    char32_t code = static_cast<unsigned char>(sequence[0]) & (0x7fu >> sequence.size());
    for (const char byte : sequence.substr(1)) {
        code = (code << 6u) | (static_cast<unsigned char>(byte) & 0x3fu);
    }
    return code;
}

constexpr std::size_t longest_sequence = 4;  // of UTF-8

constexpr char32_t braille_blank = 0x2800;  // a symbol to Unicode, but drawn as a space

bool is_ignorable(char32_t code) noexcept {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->ignorable != 0;
}

bool is_between(char32_t code, utf8proc_category_t first, utf8proc_category_t last) noexcept {
    const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    return category >= first && category <= last;
}

bool is_blank(const Glyph& glyph) noexcept {
    return glyph.valid && text::is_blank(glyph.code);
}

}  // namespace

Glyph first_glyph(std::string_view text) noexcept {
    if (text.empty()) return {};
    const std::size_t length = utf8_sequence_length(text, 0);
    if (length == 0) return {static_cast<unsigned char>(text[0]), 1, false};
    return {decode(text.substr(0, length)), length, true};
}

bool is_hidden(char32_t code) noexcept {
    if (code < 0x7F) return code < ' ';
    return !is_shown_by_category(code) || property_of(code).ignorable || holds(blank_ranges, code) ||
           holds(twin_ranges, code) || is_written_otherwise(code);
}

bool is_letter(char32_t code) noexcept {
    const auto category = property_of(code).category;
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(char32_t code) noexcept {
    return is_stacked_mark(code) || property_of(code).category == UTF8PROC_CATEGORY_MC;
}

bool is_stacked_mark(char32_t code) noexcept {
    const auto category = property_of(code).category;
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

bool is_composed(std::string_view text) noexcept {
    std::array<utf8proc_int32_t, most_decomposed> normal{};
    constexpr auto form_c = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto parts =
        utf8proc_decompose(bytes, static_cast<utf8proc_ssize_t>(text.size()), normal.data(), most_decomposed, form_c);
    if (parts < 0 || parts > most_decomposed) return false;
    auto left = utf8proc_normalize_utf32(normal.data(), parts, form_c);
    for (const utf8proc_int32_t* next = normal.data(); !text.empty(); ++next, --left) {
        const Glyph glyph = first_glyph(text);
        if (left <= 0 || static_cast<char32_t>(*next) != glyph.code) return false;
        text.remove_prefix(glyph.bytes);
    }
    return left == 0;
}

std::size_t columns(char32_t code) noexcept {
    return holds(wide_ranges, code) ? 2 : 1;
}

bool is_blank(char32_t code) noexcept {
    return code == braille_blank || is_ignorable(code) ||
           is_between(code, UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_CO) ||
           is_between(code, UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_CN);
}

bool is_drawn_letter(char32_t code) noexcept {
    return is_between(code, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO) && !is_ignorable(code);
}

bool is_drawn_alphanumeric(char32_t code) noexcept {
    return is_drawn_letter(code) || is_between(code, UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO);
}

std::string_view without_blanks_behind(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t longest = std::min(text.size(), longest_sequence);
        std::size_t length = 1;
        while (length < longest && continues_character(text[text.size() - length]))
            ++length;
        if (!is_blank(first_glyph(text.substr(text.size() - length)))) break;
        text.remove_suffix(length);
    }
    return text;
}

std::string_view without_blanks_around(std::string_view text) noexcept {
    while (!text.empty()) {
        const Glyph glyph = first_glyph(text);
        if (!is_blank(glyph)) break;
        text.remove_prefix(glyph.bytes);
    }
    return without_blanks_behind(text);
}

}  // namespace approvekit::text
