#include "terminal/layout.hpp"

#include "support/catch.hpp"
#include "text/escape.hpp"

#include <random>
#include <string>

using approvekit::terminal::columns;
using approvekit::terminal::pad;
using approvekit::terminal::rows;
using approvekit::terminal::shorten;
using approvekit::terminal::wrap;
using approvekit::text::escape;

namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return text;
}

}  // namespace

TEST_CASE("Lines break behind a blank where there is one") {
    CHECK(wrap("the quick brown fox", 10) == Texts{"the quick ", "brown fox"});
    CHECK(wrap("", 10) == Texts{""});
    CHECK(wrap("exactly 10", 10) == Texts{"exactly 10"});
}

TEST_CASE("H81 further blanks at the end of a line begin the next one, where their number shows") {
    CHECK(wrap("the quick brown fox", 11) == Texts{"the quick ", "brown fox"});
    CHECK(wrap("the quick  brown fox", 11) == Texts{"the quick ", " brown fox"});
    CHECK(wrap("the quick   brown fox", 11) == Texts{"the quick ", "  brown fox"});
}

TEST_CASE("A word that is too long for a line is broken, but no escape and no character is") {
    CHECK(wrap("abcdefgh", 3) == Texts{"abc", "def", "gh"});
    CHECK(wrap(approvekit::text::escape("ab\u202e"), 6) == Texts{"ab", "\\u202e"});
    CHECK(wrap("日本語", 4) == Texts{"日本", "語"});
    CHECK(wrap("日", 1) == Texts{"日"});
}

TEST_CASE("Wide characters count two columns and escapes what they show") {
    CHECK(columns("abc") == 3);
    CHECK(columns("日本") == 4);
    CHECK(columns(approvekit::text::escape("\x1b\n\\")) == 4 + 2 + 2);
    CHECK(columns(approvekit::text::escape("\U000e0001")) == 10);
}

TEST_CASE("A line takes as many rows as the window breaks it into") {
    CHECK(rows("", 10) == 1);
    CHECK(rows("exactly 10", 10) == 1);
    CHECK(rows("more than 10", 10) == 2);
    CHECK(rows("日本語", 4) == 2);
    CHECK(rows("日本語日本語", 5) == 3);
    CHECK(rows("\x1b[1;31mred\x1b[0m", 3) == 1);
    CHECK(rows("\\U000e0001", 4) == 3);
}

TEST_CASE("Padding and shortening go by columns") {
    CHECK(pad("ab", 4) == "ab  ");
    CHECK(pad("日本", 5) == "日本 ");
    CHECK(pad("too long", 3) == "too long");
    CHECK(shorten("as it is", 8) == "as it is");
    CHECK(shorten("much too long", 8) == "much ...");
    CHECK(shorten("日本語日本語", 8) == "日本...");
}

TEST_CASE("H17 no line is wider than asked, and nothing is lost between the lines") {
    std::mt19937 random(3);
    for (int i = 0; i < 5000; ++i) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        const std::string text = approvekit::text::escape(bytes);
        const std::size_t width = 10 + random() % 20;
        const Texts lines = wrap(text, width);
        CHECK(joined(lines) == text);
        for (const std::string& line : lines)
            CHECK(columns(line) <= width);
    }
}
