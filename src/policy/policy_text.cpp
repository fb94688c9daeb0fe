#include "policy/policy_text.hpp"

#include "text/escape.hpp"
#include "text/glyph.hpp"

namespace approvekit::policy {

std::string plain_lines(std::string_view raw) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (raw.starts_with(byte_order_mark)) raw.remove_prefix(byte_order_mark.size());

    std::string text;
    text.reserve(raw.size());
    for (std::size_t at = 0; at < raw.size(); ++at) {
        const bool ends_a_line = raw[at] == '\r' && raw.substr(at + 1, 1) == "\n";
        if (!ends_a_line) text += raw[at];
    }
    return text;
}

std::optional<HiddenCharacter> find_hidden_character(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const text::Glyph glyph = text::first_glyph(text.substr(at));
        const bool spaces = glyph.code == '\n' || glyph.code == '\t';
        if (!glyph.valid || (text::is_hidden(glyph.code) && !spaces)) {
            const std::string shown = text::escape(text.substr(at, glyph.bytes));
            return HiddenCharacter{.offset = at,
                                   .what = (glyph.valid ? "the hidden character " : "the byte ") + shown +
                                           (glyph.valid ? "" : ", which is not UTF-8")};
        }
        at += glyph.bytes;
    }
    return std::nullopt;
}

}  // namespace approvekit::policy
