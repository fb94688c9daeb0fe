#include "approvekit/json.hpp"

#include "approvekit/error.hpp"
#include "json/strict_reader.hpp"
#include "support/catch.hpp"
#include "text/utf8.hpp"

#include <cstdint>
#include <ctime>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using namespace std::string_literals;

namespace {

/// The text of the refusal, or "" if the text was accepted.
std::string refusal(const std::string& text, const JsonLimits& limits = {}) {
    try {
        static_cast<void>(parse_json(text, limits));
        return "";
    } catch (const ArgumentsRefusedError& error) {
        return error.what();
    }
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string repeated;
    for (std::size_t count = 0; count < times; ++count) {
        repeated += text;
    }
    return repeated;
}

/// Notes each part with its place, as a reader that reports positions would.
class PlaceSink final : public json::JsonSink {
public:
    explicit PlaceSink(std::string_view text) : cursor_(text) {}

    void on_scalar(Json scalar, std::size_t offset) override { note(scalar.dump(), offset); }
    void on_object(std::size_t offset) override { note("{", offset); }
    void on_array(std::size_t offset) override { note("[", offset); }
    void on_end() override {}
    bool on_key(std::string key, std::size_t offset) override {
        note(key + ":", offset);
        return true;
    }

    std::vector<std::string> notes;

private:
    void note(const std::string& what, std::size_t offset) {
        const json::TextPosition position = cursor_.at(offset);
        notes.push_back(what + " at " + std::to_string(position.line) + ":" + std::to_string(position.column));
    }

    json::TextCursor cursor_;
};

}  // namespace

TEST_CASE("a JSON text becomes the value that it stands for") {
    const std::string text = GENERATE("null", "true", "-1", "1.5e3", R"("text")", "[]", "{}",
                                      R"( {"a": [1, {"b": null}, [true, []]], "c": "\u00e9\ud83d\ude00"} )");
    CAPTURE(text);
    CHECK(parse_json(text) == Json::parse(text));
}

TEST_CASE("H47 integers of 64 bits are read exactly") {
    CHECK(parse_json("9007199254740993").get<std::int64_t>() == 9007199254740993);
    CHECK(parse_json("-9223372036854775808").get<std::int64_t>() == std::numeric_limits<std::int64_t>::min());
    CHECK(parse_json("18446744073709551615").get<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("H47 an integer beyond 64 bits is refused, since it would be shown rounded") {
    CHECK_THAT(refusal("18446744073709551616"), ContainsSubstring("line 1, column 1") && ContainsSubstring("64 bits"));
    CHECK_THAT(refusal("{\"a\":\n  [1, -9223372036854775809]}"), ContainsSubstring("line 2, column 7"));
    CHECK_THAT(refusal("100000000000000000000"), ContainsSubstring("64 bits"));
    CHECK(refusal("1e20").empty());
}

TEST_CASE("a key that appears twice in one object is refused") {
    CHECK_THAT(refusal(R"({"a": 1, "a": 2})"), ContainsSubstring("line 1, column 10") && ContainsSubstring("twice"));
    CHECK_THAT(refusal(R"([{"x": {"a": 1, "b": {}, "\u0061": 2}}])"), ContainsSubstring("twice"));
    CHECK(refusal(R"({"a": {"a": 1}, "b": {"a": 1}, "A": 1})").empty());
}

TEST_CASE("H46 what is nested deeper than the limit is refused") {
    CHECK(refusal(repeated("[", 64) + repeated("]", 64)).empty());
    CHECK_THAT(refusal(repeated("[", 65) + repeated("]", 65)),
               ContainsSubstring("column 65") && ContainsSubstring("deeper than 64"));
    CHECK_THAT(refusal(repeated(R"({"a":)", 3000) + "1" + repeated("}", 3000)), ContainsSubstring("deeper than 64"));
    CHECK(refusal("[[1],[1]]", {.depth = 2}).empty());
}

TEST_CASE("H7 nesting 100,000 deep is refused at once and without recursion") {
    const std::clock_t start = std::clock();
    CHECK_THAT(refusal(repeated("[", 100'000)), ContainsSubstring("deeper than 64"));
    CHECK_THAT(refusal(repeated("[", 100'000), {.depth = 1'000'000}), ContainsSubstring("unexpected end"));
    CHECK(std::clock() - start < 10 * CLOCKS_PER_SEC);
}

TEST_CASE("H46 a text larger than the limit is refused before it is parsed") {
    CHECK(refusal(R"("12345678")", {.bytes = 10}).empty());
    CHECK_THAT(refusal(R"("123456789")", {.bytes = 10}), ContainsSubstring("more than 10 bytes"));
    CHECK_THAT(refusal(std::string(100'000'000, '[')), ContainsSubstring("more than 1048576 bytes"));
}

TEST_CASE("H46 what is not JSON is refused with its place") {
    const auto [text, place] = GENERATE(table<std::string, std::string>({
        {"", "line 1, column 1"},
        {"   ", "line 1, column 4"},
        {"{", "line 1, column 2"},
        {"[1,\n 2,,3]", "line 2, column 4"},
        {"[1,]", "line 1, column 4"},
        {"{\"a\" 1}", "line 1, column 6"},
        {"{a: 1}", "line 1, column 2"},
        {"{'a': 1}", "line 1, column 2"},
        {"[1] 2", "line 1, column 5"},
        {"[1]]", "line 1, column 4"},
        {"nul", "line 1, column"},
        {"NaN", "line 1, column 1"},
        {"[Infinity]", "line 1, column 2"},
        {"[-Infinity]", "line 1, column 3"},
        {"01", "line 1, column 2"},
        {"[1.]", "line 1, column 4"},
        {"+1", "line 1, column 1"},
        {"// comment\n1", "line 1, column 1"},
        {"\"tab\tinside\"", "line 1, column 5"},
        {R"("\ud800")", "line 1, column"},
        {"\"\\x41\"", "line 1, column 3"},
        {"[1]\0"s, "line 1, column 4"},
        {"[1]\0 trailing"s, "line 1, column 4"},
    }));
    CAPTURE(text);
    CHECK_THAT(refusal(text), ContainsSubstring(place));
}

TEST_CASE("H46 a text that is not UTF-8 is refused") {
    const std::string bytes = GENERATE("\x80", "\xff", "\xc3", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80",
                                       "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82");
    CAPTURE(bytes);
    CHECK_FALSE(text::is_utf8(bytes));
    CHECK_FALSE(refusal("\"" + bytes + "\"").empty());
    CHECK_FALSE(refusal("{\"" + bytes + "\": 1}").empty());
    CHECK_THROWS_AS(canonical_json(Json(bytes)), ArgumentsRefusedError);
    CHECK_THROWS_AS(canonical_json(Json{{bytes, 1}}), ArgumentsRefusedError);
}

TEST_CASE("a number too large for a double is refused") {
    CHECK_THAT(refusal("[1e999]"), ContainsSubstring("too large"));
}

TEST_CASE("G7 a refusal never quotes the text") {
    for (const char* text : {R"({"password": hunter2})", R"({"password": "hunter2)", "{\"password\": \"hunter2\n\"}",
                             R"({"hunter2": 1, "hunter2": 2})", "[77777777777777777777777]", "[7e7777]"}) {
        CAPTURE(text);
        CHECK_FALSE(refusal(text).empty());
        CHECK_THAT(refusal(text), !ContainsSubstring("hunter2") && !ContainsSubstring("7777"));
    }
}

TEST_CASE("the strict reader tells where each part starts") {
    const std::string text = "{\"ä\": [1, -2.5e1 ,true],\r\n  \"b\"\n:\"x\\n\", \"c\": {}}";
    PlaceSink sink(text);
    CHECK_FALSE(json::read_json(text, {}, sink));
    const std::vector<std::string> expected = {"{ at 1:1",      "ä: at 1:2",    "[ at 1:7",  "1 at 1:8",
                                               "-25.0 at 1:11", "true at 1:19", "b: at 2:3", "\"x\\n\" at 3:2",
                                               "c: at 3:9",     "{ at 3:14"};
    CHECK(sink.notes == expected);
}

TEST_CASE("UTF-8 of every length is accepted, up to its last code point") {
    for (const char* text : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                             "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
        CAPTURE(text);
        CHECK(text::is_utf8(text));
    }
}
