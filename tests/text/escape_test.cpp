#include "text/escape.hpp"

#include "support/catch.hpp"
#include "text/glyph.hpp"

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using approvekit::text::Charset;
using approvekit::text::escape;
using approvekit::text::first_glyph;
using approvekit::text::quote_lines;
using namespace std::literals;

namespace {

std::string utf8(char32_t code) {
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 0x3f))};
    if (code < 0x10000) {
        return {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
                static_cast<char>(0x80 | (code & 0x3f))};
    }
    return {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3f)),
            static_cast<char>(0x80 | (code >> 6 & 0x3f)), static_cast<char>(0x80 | (code & 0x3f))};
}

bool is_harmless(std::string_view text) {
    while (!text.empty()) {
        const auto glyph = approvekit::text::first_glyph(text);
        if (!glyph.valid || approvekit::text::is_hidden(glyph.code)) return false;
        text.remove_prefix(glyph.bytes);
    }
    return true;
}

/// Strings made of pieces that the escaping looks at, so that a few of them reach every branch.
std::string random_text(std::mt19937& random) {
    static const std::string pieces[] = {"a",  "\\", "n",      "x1b",    "\x1b",       "\n",   "\x80", "\xc2",
                                         "0a", "u",  "\u0301", "\u202e", "\U000e0001", "\xf0", "e9",   "\u00e9"};
    std::string text;
    for (auto count = random() % 6; count > 0; --count) {
        text += pieces[random() % std::size(pieces)];
    }
    return text;
}

}  // namespace

TEST_CASE("Ordinary text in any language is shown as it is") {
    for (const std::string text : {"", "send_email", "Grüße, Ωμέγα, 日本語, שלום, مرحبا", "नमस्ते, สวัสดี, 안녕",
                                   "\U0001F600 ok", "a <b onclick=x> & 'c' \"d\""}) {
        CHECK(approvekit::text::escape(text) == text);
    }
}

TEST_CASE("H17 every C0 control and DEL is shown escaped") {
    for (char32_t code = 0; code <= 0x7f; ++code) {
        const std::string escaped = approvekit::text::escape("a" + utf8(code) + "b");
        if (code >= 0x20 && code != 0x7f && code != '\\') {
            CHECK(escaped.size() == 3);
        } else {
            CHECK(escaped.starts_with("a\\"));
        }
        CHECK(is_harmless(escaped));
    }
    CHECK(approvekit::text::escape("\x1b[2J\x1b]0;title\x07") == "\\x1b[2J\\x1b]0;title\\x07");
    CHECK(approvekit::text::escape("one\r\ntwo\tthree\0"s) == "one\\r\\ntwo\\tthree\\x00");
    CHECK(approvekit::text::escape("\x7f\b") == "\\x7f\\x08");
}

TEST_CASE("H17 C1 controls are shown escaped, as characters and as bare bytes") {
    CHECK(approvekit::text::escape("\u009b31m") == "\\u009b31m");
    CHECK(approvekit::text::escape("\u0080\u0085\u009f") == "\\u0080\\u0085\\u009f");
    CHECK(approvekit::text::escape("\x9b"
                                   "31m") == "\\x9b31m");
}

TEST_CASE("H17 bidi controls and marks are shown escaped") {
    for (const char32_t code :
         U"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206f"sv) {
        CHECK(approvekit::text::escape(utf8(code)).starts_with("\\u"));
    }
    CHECK(approvekit::text::escape("invoice\u202efdp.exe") == "invoice\\u202efdp.exe");
}

TEST_CASE("H17 what takes no room, and what breaks lines, is shown escaped") {
    for (
        const char32_t code :
        U"\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2028\u2029\u2060\u2064\u3164\ufe0f\ufeff\ufff9\ufffe\ue000\uf8ff"sv) {
        CHECK(approvekit::text::escape(utf8(code)).starts_with("\\u"));
    }
    CHECK(approvekit::text::escape("pay\u200bpal") == "pay\\u200bpal");
}

TEST_CASE("H17 tags and all that lies beyond the planes of writing is shown escaped") {
    CHECK(approvekit::text::escape("\U000e0041\U000e007f") == "\\U000e0041\\U000e007f");
    for (const char32_t code : U"\U000e0100\U000f0000\U0010ffff\U0001fffe\U0001d173"sv) {
        CHECK(approvekit::text::escape(utf8(code)).starts_with("\\U"));
    }
}

TEST_CASE("H17 bytes that are not UTF-8 are shown one by one") {
    CHECK(approvekit::text::escape("\xff\xfe") == "\\xff\\xfe");
    CHECK(approvekit::text::escape("a\xc3") == "a\\xc3");                  // cut
    CHECK(approvekit::text::escape("\xc0\x9b") == "\\xc0\\x9b");           // overlong ESC
    CHECK(approvekit::text::escape("\xe0\x80\x9b") == "\\xe0\\x80\\x9b");  // overlong
    CHECK(approvekit::text::escape("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
    CHECK(approvekit::text::escape("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(approvekit::text::escape("\xe2\x80x") == "\\xe2\\x80x");
}

TEST_CASE("H17 marks stay with their own letter and do not pile up") {
    CHECK(approvekit::text::escape("\u0338x") == "\\u0338x");
    CHECK(approvekit::text::escape("x\u0323\u0301\u0301\u0301") == "x\u0323\u0301\\u0301\\u0301");
    CHECK(approvekit::text::escape("\n\u0301") == "\\n\\u0301");
    CHECK(approvekit::text::escape("\x1b\u0301") == "\\x1b\\u0301");
}

TEST_CASE("H81 every blank but the plain space is shown escaped") {
    for (const char32_t code :
         U"\u00a0\u1680\u2000\u2002\u2003\u2007\u2009\u200a\u202f\u205f\u3000\u2800\ufffc\u3164\uffa0"sv) {
        CHECK(approvekit::text::escape("a" + utf8(code) + "b").starts_with("a\\u"));
    }
    CHECK(approvekit::text::escape("to\u00a0") == "to\\u00a0");
    CHECK(approvekit::text::escape("a b") == "a b");
}

TEST_CASE("H81 unassigned, private and format characters are shown escaped wherever they stand") {
    for (const char32_t code : U"\u0378\u0530\u2065\u20ff\u2fe0\ufdd0\ue000\ufff0\ufe00\u180b\u17b4\u2064"sv) {
        CHECK(approvekit::text::escape(utf8(code)).starts_with("\\u"));
    }
    for (const char32_t code : U"\U0001fbff\U000e0000\U000e0020\U000e01ef\U000f0000\U00013430\U0001d159"sv) {
        CHECK(approvekit::text::escape(utf8(code)).starts_with("\\U"));
    }
}

TEST_CASE("H81 a mark without its letter, and one that makes another character of it, is shown escaped") {
    CHECK(approvekit::text::escape(" \u0301") == " \\u0301");
    CHECK(approvekit::text::escape("=\u0338") == "=\\u0338");
    CHECK(approvekit::text::escape("cafe\u0301") == "cafe\\u0301");
    CHECK(approvekit::text::escape("caf\u00e9") == "caf\u00e9");
    CHECK(approvekit::text::escape("\u212b\u2126\u212a") == "\\u212b\\u2126\\u212a");
    CHECK(approvekit::text::escape("\u1100\u1161") == "\\u1100\\u1161");
    CHECK(approvekit::text::escape("\uac00") == "\uac00");
}

TEST_CASE("H81 letters that pose as those of another alphabet are shown escaped") {
    CHECK(approvekit::text::escape("https://p\u0430ypal.com") == "https://p\\u0430ypal.com");
    CHECK(approvekit::text::escape("send_em\u0430il") == "send_em\\u0430il");
    CHECK(approvekit::text::escape("transfer_\u0430") == "transfer_\\u0430");  // a word of look-alikes
    CHECK(approvekit::text::escape("\u0430\u0440\u0440.com") == "\\u0430\\u0440\\u0440.com");
    CHECK(approvekit::text::escape("\u03bf\u043e") == "\u03bf\\u043e");  // Greek and Cyrillic
    CHECK(approvekit::text::escape("\u13a0pple") == "\\u13a0pple");      // Cherokee
    CHECK(approvekit::text::escape("paypal.com\u2044login \u2010f \u2170 \U0001d42b\U0001d426") ==
          "paypal.com\\u2044login \\u2010f \\u2170 \\U0001d42b\\U0001d426");
}

TEST_CASE("H81 a word that is wholly of one script, and Japanese, is shown as it is") {
    for (const std::string text :
         {"отчёт.pdf", "Привет, world", "а то и нет", "東京タワーへ行くUSB", "Δοκιμή-2", "Ֆայլ 7"}) {
        CHECK(approvekit::text::escape(text) == text);
    }
}

TEST_CASE("H53 blanks and empty lines that would push a text out of sight are counted") {
    CHECK(approvekit::text::escape("ls" + std::string(40, ' ') + "&& rm") == "ls\\{40 spaces}&& rm");
    CHECK(approvekit::text::escape(std::string(16, ' ') + "x") == std::string(16, ' ') + "x");
    CHECK(approvekit::text::count_blanks("[\"ls" + std::string(40, ' ') + "&& rm\"] x  ") ==
          "[\"ls\\{40 spaces}&& rm\"] x  ");
    CHECK(approvekit::text::escape("\\{40 spaces}") == "\\\\{40 spaces}");
    using Parts = std::vector<std::string>;
    CHECK(approvekit::text::quote_lines("git status" + std::string(14, '\n') + "curl") ==
          Parts{"\"git status\\n", "\\{13 empty lines}", "curl\""});
    CHECK(approvekit::text::quote_lines("\n\n\n\n") == Parts{"\"\\{4 empty lines}\""});
    CHECK(approvekit::text::quote_lines("a\n\n\nb") == Parts{"\"a\\n", "\\n", "\\n", "b\""});
}

TEST_CASE("H17 a terminal that is not set to UTF-8 gets nothing but ASCII") {
    // The second byte of U+00DB is the C1 control that starts escape sequences.
    CHECK(approvekit::text::escape("\u00db31m", approvekit::text::Charset::ascii) == "\\u00db31m");
    CHECK(approvekit::text::escape("caf\u00e9 \U0001F600", approvekit::text::Charset::ascii) ==
          "caf\\u00e9 \\U0001f600");
}

TEST_CASE("H17 whatever the text, its escaped form is one line of harmless characters") {
    std::mt19937 random(17);
    int harmful = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string bytes(random() % 12, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        harmful += is_harmless(approvekit::text::escape(bytes)) ? 0 : 1;
    }
    for (char32_t code = 0; code <= 0x10ffff; ++code) {
        harmful += is_harmless(approvekit::text::escape(utf8(code))) ? 0 : 1;
    }
    CHECK(harmful == 0);
}

TEST_CASE("H17 two different texts never look the same") {
    CHECK(approvekit::text::escape("\\x1b") != approvekit::text::escape("\x1b"));
    CHECK(approvekit::text::escape("\\n") != approvekit::text::escape("\n"));
    std::mt19937 random(17);
    std::set<std::string> texts;
    std::set<std::string> shown;
    for (int i = 0; i < 50000; ++i) {
        const std::string text = random_text(random);
        if (texts.insert(text).second) shown.insert(approvekit::text::escape(text));
    }
    CHECK(texts.size() > 10000);
    CHECK(shown.size() == texts.size());
}
