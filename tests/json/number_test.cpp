// Numbers as they are written, and what a double turns them into.
#include "approvekit/json.hpp"

#include "approvekit/approvekit.hpp"
#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/guarding_agent.hpp"

#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using namespace std::string_literals;

TEST_CASE("H79 a number that a double cannot hold as it is written is refused") {
    const std::string number =
        GENERATE("12345678901234567.89", "-12345678901234567.89", "9007199254740993.0", "9007199254740993e0",
                 "0.12345678901234567890", "1.0000000000000001", "123456789.123456789123", "1e-400", "3e-324",
                 "0.1000000000000000055511151231257828", "2.00000000000000000000000000000000000000000000001");
    CAPTURE(number);
    CHECK_THROWS_WITH(parse_json(number), ContainsSubstring("line 1, column 1") && ContainsSubstring("digits"));
    CHECK_THROWS_WITH(parse_json("{\"a\":\n [1, " + number + "]}"), ContainsSubstring("line 2, column 6"));
}

TEST_CASE("H79 a number of as many digits as the whole text is refused at once") {
    CHECK_THROWS_AS(parse_json("0." + std::string(1'000'000, '3')), ArgumentsRefusedError);
    CHECK(parse_json("0.5" + std::string(1'000'000, '0')) == 0.5);
}

TEST_CASE("H79 a number that a double gives back as it is written is taken") {
    const auto [text, value] = GENERATE(table<std::string, double>({
        {"0.1", 0.1},
        {"-0.1", -0.1},
        {"1e3", 1000.0},
        {"1E+3", 1000.0},
        {"1.50", 1.5},
        {"0.0", 0.0},
        {"-0.0", 0.0},
        {"0e5", 0.0},
        {"000.5e1"s.substr(2), 5.0},
        {"1e22", 1e22},
        {"1e23", 1e23},
        {"1e308", 1e308},
        {"5e-324", 5e-324},
        {"4.9e-324", 5e-324},
        {"2.2250738585072014e-308", 2.2250738585072014e-308},
        {"1.7976931348623157e308", 1.7976931348623157e308},
        {"12345678901234567.0"s.replace(16, 1, "8"), 12345678901234568.0},
        {"0.30000000000000004", 0.30000000000000004},
        {"0.10000000000000001", 0.1},
        {"5.684341886080802e-14", 5.684341886080802e-14},
        {"5.684341886080801e-14", 5.684341886080801e-14},
        {"0.1000000000000000055511151231257827021181583404541015625", 0.1},
        {"100000000000000000000.0", 1e20},
        {"0.000001", 1e-6},
        {"123456789012345.6", 123456789012345.6},
    }));
    CAPTURE(text);
    CHECK(parse_json(text) == value);
}

TEST_CASE("H79 a call with such a number is refused before anybody sees it") {
    const GuardingAgent agent;
    bool ran = false;
    const auto outcome =
        agent.kit.try_call("free", R"({"amount": 12345678901234567.89})", [&](const Json&) { ran = true; });
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::invalid_arguments);
    CHECK_FALSE(ran);
    CHECK(agent.events().empty());
}
