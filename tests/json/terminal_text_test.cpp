#include "approvekit/terminal_text.hpp"
#include "support/catch.hpp"

using namespace approvekit;

TEST_CASE("G11 what a program prints in a terminal obeys nothing and hides nothing") {
    CHECK(terminal_text("plain, with ümlaut") == "plain, with ümlaut");
    CHECK(terminal_text("one\ntwo\x1b[2J") == R"(one\ntwo\x1b[2J)");
    CHECK(terminal_text("gnp.\u202Eexe") == R"(gnp.\u202eexe)");
}

TEST_CASE("G11 a name cannot pose as more than a name") {
    CHECK(terminal_name("payments.pay") == "payments.pay");
    CHECK(terminal_name("pay. Approved by ada") == R"("pay. Approved by ada")");
}

TEST_CASE("G11 JSON for machines is one line of ASCII") {
    CHECK(terminal_json({{"to", "ü\n"}}) == R"({"to":"\u00fc\n"})");
}
