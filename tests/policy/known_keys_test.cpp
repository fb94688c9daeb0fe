#include "policy/value_reader.hpp"

#include "support/catch.hpp"

#include <array>
#include <string>
#include <string_view>

using namespace approvekit::policy;

namespace {

constexpr std::array<std::string_view, 4> keys = {"tool", "timeout", "require_approval", "risk_level"};

}  // namespace

TEST_CASE("the edit distance counts letters put in, left out, changed and swapped") {
    CHECK(edit_distance("timeout", "timeout") == 0);
    CHECK(edit_distance("timeot", "timeout") == 1);
    CHECK(edit_distance("timmeout", "timeout") == 1);
    CHECK(edit_distance("timeaut", "timeout") == 1);
    CHECK(edit_distance("tiemout", "timeout") == 1);
    CHECK(edit_distance("", "tool") == 4);
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("abc", "xyz") == 3);
}

TEST_CASE("case and the way words are joined do not count") {
    CHECK(edit_distance("requireApproval", "require_approval") == 0);
    CHECK(edit_distance("REQUIRE-APPROVAL", "require_approval") == 0);
    CHECK(edit_distance("risk level", "risk_level") == 0);
}

TEST_CASE("the nearest key is found") {
    CHECK(nearest("require_aproval", keys) == "require_approval");
    CHECK(nearest("time_out", keys) == "timeout");
    CHECK(nearest("tools", keys) == "tool");
    CHECK(nearest("risk", keys) == "risk_level");
}

TEST_CASE("a very long key costs no more than a long one") {
    CHECK(edit_distance(std::string(1'000'000, 'x'), "tool") == 64);
}
