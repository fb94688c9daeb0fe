#include "policy/look_alikes.hpp"

#include "text/fold.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace approvekit::policy {
namespace {

struct Alike {
    char latin;
    std::u32string_view drawn_like_it;
};

// From Unicode's confusables, what is drawn alike in the common fonts. Compatibility forms are folded anyway.
constexpr std::array<Alike, 26> alikes = {{
    {'a', U"\u0410\u0430\u0391\u03b1\u0251\u13aa"},
    {'b', U"\u0412\u0392\u13f4"},
    {'c', U"\u0421\u0441\u03f9\u03f2\u13df"},
    {'d', U"\u0501\u13a0"},
    {'e', U"\u0415\u0435\u0395\u13ac"},
    {'g', U"\u0261\u0581\u13c0"},
    {'h', U"\u041d\u04bb\u0397\u0570\u13bb\u13c2"},
    {'i', U"\u0456\u03b9\u0131\u0269"},
    {'j', U"\u0408\u0458\u03f3\u13ab"},
    {'k', U"\u041a\u043a\u039a\u03ba\u13e6"},
    {'l', U"1I|\u0406\u0399\u04c0\u04cf\u01c0\u13de"},
    {'m', U"\u041c\u039c\u13b7"},
    {'n', U"\u039d\u0578"},
    {'o', U"0\u041e\u043e\u039f\u03bf\u03c3\u0555\u0585"},
    {'p', U"\u0420\u0440\u03a1\u03c1\u13e2"},
    {'q', U"\u051b\u0566"},
    {'r', U"\u0433\u13a1\u13d2"},
    {'s', U"\u0405\u0455\u13da"},
    {'t', U"\u0422\u03a4\u13a2"},
    {'u', U"\u03c5\u057d\u054d"},
    {'v', U"\u0475\u03bd\u13d9"},
    {'w', U"\u051d\u0561\u13b3"},
    {'x', U"\u0425\u0445\u03a7\u03c7"},
    {'y', U"\u0423\u0443\u04ae\u04af\u03a5\u03b3"},
    {'z', U"\u0396\u13c3"},
    {'-', U"\u2010\u2012\u2013\u2014\u2015\u2212"},
}};

struct Range {
    char32_t first;
    char32_t last;
    int alphabet;
};

constexpr int no_alphabet = 0;

// Latin, Greek, Cyrillic, Armenian, Cherokee; of each all blocks.
constexpr std::array<Range, 13> alphabets = {{
    {0x41, 0x24F, 1},
    {0x250, 0x2AF, 1},
    {0x370, 0x3FF, 2},
    {0x400, 0x52F, 3},
    {0x531, 0x58F, 4},
    {0x13A0, 0x13FF, 5},
    {0x1C80, 0x1C8F, 3},
    {0x1E00, 0x1EFF, 1},
    {0x1F00, 0x1FFF, 2},
    {0x2C60, 0x2C7F, 1},
    {0xA640, 0xA69F, 3},
    {0xA720, 0xA7FF, 1},
    {0xAB70, 0xABBF, 5},
}};

/// The Latin letter that `code` is drawn like; 0 for none.
char latin_for(char32_t code) {
    const auto* const found = std::find_if(alikes.begin(), alikes.end(), [code](const Alike& alike) {
        return alike.drawn_like_it.find(code) != std::u32string_view::npos;
    });
    return found == alikes.end() ? '\0' : found->latin;
}

int alphabet_of(char32_t code) {
    const auto* const found = std::find_if(alphabets.begin(), alphabets.end(),
                                           [code](Range range) { return range.first <= code && code <= range.last; });
    return found == alphabets.end() ? no_alphabet : found->alphabet;
}

}  // namespace

std::string look_of(std::string_view name) {
    const std::string whole = text::composed(name);
    std::string look;
    for (std::string_view rest = whole; !rest.empty();) {
        const text::Glyph glyph = text::first_glyph(rest);
        if (const char latin = glyph.valid ? latin_for(glyph.code) : '\0'; latin != '\0') {
            look += latin;
        } else {
            look += rest.substr(0, glyph.bytes);
        }
        rest.remove_prefix(glyph.bytes);
    }
    return text::folded(look);
}

bool mixes_alphabets(std::string_view name) {
    int of_word = no_alphabet;
    while (!name.empty()) {
        const text::Glyph glyph = text::first_glyph(name);
        name.remove_prefix(glyph.bytes);
        if (text::is_mark(glyph.code)) continue;
        const int alphabet = glyph.valid && text::is_letter(glyph.code) ? alphabet_of(glyph.code) : no_alphabet;
        if (alphabet != no_alphabet && of_word != no_alphabet && alphabet != of_word) return true;
        const bool ends_the_word = !glyph.valid || !text::is_letter(glyph.code);
        of_word = ends_the_word ? no_alphabet : std::max(of_word, alphabet);
    }
    return false;
}

}  // namespace approvekit::policy
