#include "text/alphabet.hpp"

#include "text/glyph.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace approvekit::text {
namespace {

struct AlphabetRange {
    char32_t first;
    char32_t last;
    Alphabet alphabet;
};

// The ranges may hold more than letters, since alphabet_of() sorts out everything else first.
constexpr AlphabetRange alphabet_ranges[] = {
    {0x41, 0xAA, Alphabet::latin},        {0xBA, 0x2B8, Alphabet::latin},       {0x2E0, 0x2E4, Alphabet::latin},
    {0x370, 0x373, Alphabet::greek},      {0x376, 0x3E1, Alphabet::greek},      {0x3E2, 0x3EF, Alphabet::coptic},
    {0x3F0, 0x3FF, Alphabet::greek},      {0x400, 0x52F, Alphabet::cyrillic},   {0x531, 0x588, Alphabet::armenian},
    {0x13A0, 0x13FD, Alphabet::cherokee}, {0x1C80, 0x1C88, Alphabet::cyrillic}, {0x1D00, 0x1D25, Alphabet::latin},
    {0x1D26, 0x1D2A, Alphabet::greek},    {0x1D2B, 0x1D2B, Alphabet::cyrillic}, {0x1D2C, 0x1D5C, Alphabet::latin},
    {0x1D5D, 0x1D61, Alphabet::greek},    {0x1D62, 0x1D65, Alphabet::latin},    {0x1D66, 0x1D6A, Alphabet::greek},
    {0x1D6B, 0x1D77, Alphabet::latin},    {0x1D78, 0x1D78, Alphabet::cyrillic}, {0x1D79, 0x1DBE, Alphabet::latin},
    {0x1DBF, 0x1DBF, Alphabet::greek},    {0x1E00, 0x1EFF, Alphabet::latin},    {0x1F00, 0x1FFC, Alphabet::greek},
    {0x2071, 0x209C, Alphabet::latin},    {0x2132, 0x2132, Alphabet::latin},    {0x214E, 0x2184, Alphabet::latin},
    {0x2C60, 0x2C7F, Alphabet::latin},    {0x2C80, 0x2CF3, Alphabet::coptic},   {0x2D30, 0x2D6F, Alphabet::tifinagh},
    {0xA4D0, 0xA4FD, Alphabet::lisu},     {0xA640, 0xA69D, Alphabet::cyrillic}, {0xA722, 0xA787, Alphabet::latin},
    {0xA78B, 0xA7FF, Alphabet::latin},    {0xAB30, 0xAB64, Alphabet::latin},    {0xAB65, 0xAB65, Alphabet::greek},
    {0xAB66, 0xAB69, Alphabet::latin},    {0xAB70, 0xABBF, Alphabet::cherokee}, {0xFB00, 0xFB06, Alphabet::latin},
    {0xFB13, 0xFB17, Alphabet::armenian}, {0xFF21, 0xFF5A, Alphabet::latin},    {0x10400, 0x1044F, Alphabet::deseret},
    {0x104B0, 0x104FB, Alphabet::osage},  {0x10780, 0x107BA, Alphabet::latin},  {0x11FB0, 0x11FB0, Alphabet::lisu},
    {0x1DF00, 0x1DF1E, Alphabet::latin},
};

// Cyrillic, Greek and Armenian letters that are drawn like Latin ones.
constexpr std::u32string_view look_alikes =
    U"\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04ae\u050c\u051a"
    U"\u051c"
    U"\u0474\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u043a\u0456\u0458\u0455\u04bb\u04cf\u0501\u051b\u051d\u0475"
    U"\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9\u03b1\u03b3\u03b7"
    U"\u03b9"
    U"\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2\u03f3"
    U"\u0585\u0578\u057d\u0570\u0575\u0581\u0566\u0561\u0555\u054d\u053c\u054f";

bool looks_latin(char32_t code, Alphabet alphabet) noexcept {
    if (alphabet == Alphabet::none || alphabet == Alphabet::latin) return false;
    return alphabet > Alphabet::armenian || look_alikes.find(code) != std::u32string_view::npos;
}

struct Letter {
    std::size_t offset;
    Alphabet alphabet;
};

/// One word of a token: its letters start at index `start` of `letters_`.
struct Word {
    std::size_t start = 0;
    bool looks_latin = true;
};

/// The text between two blanks. It may hold several words.
class Token {
public:
    void add(const Glyph& glyph, std::size_t offset) {
        if (!glyph.valid || !is_letter(glyph.code)) {
            if (!glyph.valid || !is_mark(glyph.code)) end_word();
            return;
        }
        const Alphabet alphabet = alphabet_of(glyph.code);
        has_latin_ = has_latin_ || alphabet == Alphabet::latin;
        letters_.push_back({offset, alphabet});
        words_.back().looks_latin = words_.back().looks_latin && looks_latin(glyph.code, alphabet);
    }

    /// Appends the offsets of the posing letters, then starts an empty token.
    void end(std::vector<std::size_t>& posing) {
        end_word();
        for (std::size_t index = 0; index + 1 < words_.size(); ++index)
            end_word(words_[index], words_[index + 1].start, posing);
        *this = Token();
    }

private:
    void end_word() {
        if (words_.back().start < letters_.size()) words_.push_back({letters_.size(), true});
    }

    void end_word(const Word& word, std::size_t end, std::vector<std::size_t>& posing) const {
        if (word.looks_latin && has_latin_) return append(word.start, end, Alphabet::latin, posing);
        Alphabet own = Alphabet::none;
        for (std::size_t index = word.start; index < end; ++index) {
            const Alphabet alphabet = letters_[index].alphabet;
            if (own == Alphabet::none || alphabet == Alphabet::latin) own = alphabet;
        }
        append(word.start, end, own, posing);
    }

    void append(std::size_t start, std::size_t end, Alphabet own, std::vector<std::size_t>& posing) const {
        for (std::size_t index = start; index < end; ++index) {
            const Letter& letter = letters_[index];
            if (letter.alphabet != own && letter.alphabet != Alphabet::none) posing.push_back(letter.offset);
        }
    }

    std::vector<Letter> letters_;
    std::vector<Word> words_ = {Word{}};
    bool has_latin_ = false;
};

}  // namespace

Alphabet alphabet_of(char32_t code) noexcept {
    if (!is_letter(code)) return Alphabet::none;
    const auto* const after =
        std::upper_bound(std::begin(alphabet_ranges), std::end(alphabet_ranges), code,
                         [](char32_t value, const AlphabetRange& range) { return value < range.first; });
    if (after == std::begin(alphabet_ranges) || code > std::prev(after)->last) return Alphabet::none;
    return std::prev(after)->alphabet;
}

std::vector<std::size_t> find_posing_letters(std::string_view text) {
    std::vector<std::size_t> posing;
    if (std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; })) {
        return posing;
    }
    Token token;
    for (std::size_t offset = 0; offset < text.size();) {
        const Glyph glyph = first_glyph(text.substr(offset));
        if (glyph.code <= ' ') {
            token.end(posing);
        } else {
            token.add(glyph, offset);
        }
        offset += glyph.bytes;
    }
    token.end(posing);
    return posing;
}

}  // namespace approvekit::text
