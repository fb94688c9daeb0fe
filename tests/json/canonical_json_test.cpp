#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

double from_bits(std::uint64_t bits) {
    return std::bit_cast<double>(bits);
}

std::string refusal_to_write(const Json& value, const JsonLimits& limits = {}) {
    try {
        static_cast<void>(canonical_json(value, limits));
        return "";
    } catch (const ArgumentsRefusedError& error) {
        return error.what();
    }
}

Json nested(std::size_t depth) {
    Json value = 1;
    for (std::size_t level = 0; level < depth; ++level) {
        Json outer = Json::array();
        outer.push_back(std::move(value));
        value = std::move(outer);
    }
    return value;
}

Json random_value(std::mt19937& random, int depth) {
    switch (random() % (depth > 0 ? 7 : 5)) {
        case 0:
            return nullptr;
        case 1:
            return random() % 2 == 0;
        case 2:
            return (static_cast<std::uint64_t>(random()) << 32) + random();
        case 3:
            return "text\n\"é" + std::to_string(random() % 100);
        case 4: {
            const double number = from_bits((static_cast<std::uint64_t>(random()) << 32) + random());
            return std::isfinite(number) ? Json(number) : Json(-static_cast<std::int64_t>(random()));
        }
        case 5: {
            Json array = Json::array();
            for (auto count = random() % 4; count > 0; --count)
                array.push_back(random_value(random, depth - 1));
            return array;
        }
        default: {
            Json object = Json::object();
            for (auto count = random() % 4; count > 0; --count) {
                object["key" + std::to_string(random() % 10)] = random_value(random, depth - 1);
            }
            return object;
        }
    }
}

}  // namespace

TEST_CASE("canonical JSON has no white space and sorted keys") {
    CHECK(canonical_json(Json::parse(R"({"b": [1, true, null, "x"], "a": {}, "": [[]]})")) ==
          R"({"":[[]],"a":{},"b":[1,true,null,"x"]})");
}

TEST_CASE("canonical JSON agrees with the example of RFC 8785") {
    const Json value = Json::parse(R"({
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    })");
    CHECK(canonical_json(value) ==
          R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
          R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST_CASE("canonical JSON sorts keys by their UTF-16 units") {
    const Json value = {{"\u20ac", 1},     {"\r", 2},     {"\ufb33", 3}, {"1", 4},
                        {"\U0001f600", 5}, {"\u0080", 6}, {"\u00f6", 7}};
    CHECK(canonical_json(value) ==
          "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\U0001f600\":5,\"\ufb33\":3}");
}

TEST_CASE("canonical JSON escapes only what it must, each in its shortest form") {
    CHECK(canonical_json("\b\f\n\r\t\"\\/\x01\x1f\x7f<>&'") == R"("\b\f\n\r\t\"\\/\u0001\u001f)"
                                                               "\x7f<>&'\"");
    CHECK(canonical_json(std::string("a\0b", 3)) == R"("a\u0000b")");
}

TEST_CASE("canonical JSON writes doubles as ECMAScript does") {
    const auto [bits, text] = GENERATE(table<std::uint64_t, std::string>({
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    }));
    CHECK(canonical_json(from_bits(bits)) == text);
}

TEST_CASE("H47 canonical JSON keeps every digit of 64-bit integers") {
    CHECK(canonical_json(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(canonical_json(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(canonical_json(9007199254740993) == "9007199254740993");
}

TEST_CASE("a double beyond 64 bits is written so that it can be read again") {
    CHECK(canonical_json(1e20) == "1e+20");
    CHECK(canonical_json(18446744073709551616.0) == "1.8446744073709552e+19");
    CHECK(canonical_json(-9223372036854775808.0) == "-9.223372036854776e+18");
    CHECK(canonical_json(std::nextafter(18446744073709551616.0, 0)) == "18446744073709550000");
    CHECK(canonical_json(std::nextafter(-9223372036854775808.0, 0)) == "-9223372036854775000");
}

TEST_CASE("a canonical text is read back and is canonical still") {
    std::mt19937 random(20260131);
    for (int count = 0; count < 2000; ++count) {
        const std::string text = canonical_json(random_value(random, 5));
        CAPTURE(text);
        REQUIRE(canonical_json(parse_json(text)) == text);
    }
}

TEST_CASE("H46 NaN and infinities are refused with their place") {
    const double number = GENERATE(NAN, INFINITY, -INFINITY);
    CHECK_THAT(refusal_to_write({{"order", {{"prices", {1, number}}}}}),
               ContainsSubstring("not finite") && ContainsSubstring("order.prices[1]"));
}

TEST_CASE("H46 broken UTF-8 is refused with its place, in values and keys") {
    CHECK_THAT(refusal_to_write({{"body", "\xff"}}), ContainsSubstring("not UTF-8") && ContainsSubstring("at body"));
    CHECK_THAT(refusal_to_write({{"mail", {{"\xff", 1}}}}),
               ContainsSubstring("not UTF-8") && ContainsSubstring("at mail.(a key)"));
}

TEST_CASE("H46 what is nested 3,000 deep is refused") {
    CHECK(refusal_to_write(nested(64)).empty());
    CHECK_THAT(refusal_to_write(nested(65)), ContainsSubstring("deeper than 64"));
    CHECK_THAT(refusal_to_write(nested(3000)), ContainsSubstring("deeper than 64"));
}

TEST_CASE("H46 100 MB are refused, in one text or in many values") {
    CHECK_THAT(refusal_to_write(std::string(100'000'000, 'x')), ContainsSubstring("more than 1048576 bytes"));
    CHECK_THAT(refusal_to_write(Json(std::vector<int>(1'000'000, 7))), ContainsSubstring("more than 1048576 bytes"));
    CHECK(refusal_to_write("12345678", {.bytes = 10}).empty());
    CHECK_FALSE(refusal_to_write("123456789", {.bytes = 10}).empty());
    CHECK_FALSE(refusal_to_write("1234567\n", {.bytes = 10}).empty());
}

TEST_CASE("binary values are refused") {
    CHECK_THAT(refusal_to_write({{"blob", Json::binary({1, 2, 3})}}),
               ContainsSubstring("binary") && ContainsSubstring("blob"));
    CHECK_FALSE(refusal_to_write(Json(Json::value_t::discarded)).empty());
}
