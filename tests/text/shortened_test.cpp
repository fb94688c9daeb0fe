#include "text/shortened.hpp"

#include "support/catch.hpp"

#include <string>

using approvekit::shortened;

TEST_CASE("H76 a text is shortened to whole characters and says how much was left out") {
    CHECK(shortened("", 0).empty());
    CHECK(shortened("four", 4) == "four");
    CHECK(shortened("five5", 4) == "five [1 bytes left out]");
    CHECK(shortened("ab\u00e9", 3) == "ab [2 bytes left out]");
    CHECK(shortened("a\U0001F600", 4) == "a [4 bytes left out]");
    CHECK(shortened("\U0001F600", 2) == " [4 bytes left out]");
}

TEST_CASE("H76 a text that is not UTF-8 is shortened all the same") {
    const std::string text(1000, '\x80');
    CHECK(shortened(text, 100).find(' ') == 96);
}
