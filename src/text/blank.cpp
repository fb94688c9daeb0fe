#include "text/blank.hpp"

#include "text/glyph.hpp"
#include "text/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>

namespace approvekit::text {
namespace {

constexpr std::size_t longest_sequence = 4;  // of UTF-8

constexpr char32_t braille_blank = 0x2800;  // a sign to Unicode, and drawn as a space

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
