#include "text/utf8.hpp"

#include "support/catch.hpp"

#include <string>

using approvekit::text::is_utf8;
using approvekit::text::shortened;

TEST_CASE("H76 a text is shortened to whole characters and says how much was left out") {
    CHECK(approvekit::text::shortened("", 0).empty());
    CHECK(approvekit::text::shortened("as long as allowed", 18) == "as long as allowed");
    CHECK(approvekit::text::shortened(std::string(99, 'x'), 30) == "xxxxxxxxxx [89 bytes left out]");
    std::string text = "x";
    for (int count = 0; count < 30; ++count)
        text += "\u00e9\u20ac\U0001F600";
    for (std::size_t most = 25; most < text.size(); ++most) {
        const std::string cut = approvekit::text::shortened(text, most);
        CHECK(cut.size() <= most);
        CHECK(cut.size() + 5 > most);
        CHECK(approvekit::text::is_utf8(cut));
        CHECK(approvekit::text::shortened(cut, most) == cut);
    }
}

TEST_CASE("H76 a text that is not UTF-8 is shortened all the same") {
    const std::string cut = approvekit::text::shortened(std::string(1000, '\x80'), 100);
    CHECK(cut.size() <= 100);
    CHECK(cut.find(' ') > 70);
}
