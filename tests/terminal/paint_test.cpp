#include "terminal/screen.hpp"

#include "support/catch.hpp"

using approvekit::terminal::Colour;
using approvekit::terminal::Paint;

TEST_CASE("Colours are laid on only where they are wanted") {
    CHECK(Paint(false)(Colour::red, "high") == "high");
    CHECK(Paint(true)(Colour::red, "high") == "\x1b[1;31mhigh\x1b[0m");
    CHECK(Paint(true)(Colour::plain, "high") == "high");
    CHECK(Paint(true)(Colour::red, "").empty());
}
