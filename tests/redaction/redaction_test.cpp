#include "approvekit/redaction.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

RedactedView redacted(const Json& arguments, const std::vector<std::string>& fields) {
    return redact(arguments, fields, FingerprintKey());
}

Json value_of(const Json& arguments, const std::vector<std::string>& fields) {
    return redacted(arguments, fields).value;
}

Json nested_arrays(std::size_t depth) {
    Json value = "leaf";
    for (std::size_t level = 0; level < depth; ++level) {
        Json outer = Json::array();
        outer.push_back(std::move(value));
        value = std::move(outer);
    }
    return value;
}

}  // namespace

TEST_CASE("the named fields are hidden at any depth of objects and arrays, the rest is not") {
    const Json arguments = {
        {"to", "ann"},
        {"body", "see you at nine"},
        {"drafts", {{{"body", 17}, {"subject", "hello"}}, {{"body", nullptr}}}},
    };
    const Json expected = {
        {"to", "ann"},
        {"body", "[REDACTED]"},
        {"drafts", {{{"body", "[REDACTED]"}, {"subject", "hello"}}, {{"body", "[REDACTED]"}}}},
    };
    CHECK(value_of(arguments, {"body"}) == expected);
}

TEST_CASE("without fields the view is the arguments") {
    const Json arguments = {{"to", "ann"}, {"payload", R"({"body": "x"})"}};
    const RedactedView view = redacted(arguments, {});
    CHECK(view.value == arguments);
    CHECK(view.redactions.empty());
    CHECK(view.scrubber.empty());
}

TEST_CASE("H48 names compare without case, on either side") {
    CHECK(value_of({{"Body", "secret text"}}, {"body"}) == Json({{"Body", "[REDACTED]"}}));
    CHECK(value_of({{"body", "secret text"}}, {"BODY"}) == Json({{"body", "[REDACTED]"}}));
}

TEST_CASE("H48 a name means the whole key") {
    CHECK(value_of({{"body_type", "html"}, {"nobody", "here"}}, {"body"}) ==
          Json({{"body_type", "html"}, {"nobody", "here"}}));
}

TEST_CASE("H48 a dotted path means that path from the top") {
    const Json arguments = {
        {"Profile", {{"SSN", "123-45-6789"}, {"name", "ann"}}},
        {"other", {{"profile", {{"ssn", "unrelated"}}}}},
        {"ssn", "top level"},
    };
    const Json view = value_of(arguments, {"profile.ssn"});
    CHECK(view["Profile"] == Json({{"SSN", "[REDACTED]"}, {"name", "ann"}}));
    CHECK(view["other"]["profile"]["ssn"] == "unrelated");
    CHECK(view["ssn"] == "top level");
}

TEST_CASE("H48 arrays do not count in a path") {
    const Json arguments = {{"cards", {{{"number", "4111-1111"}}, {{"number", "4222-2222"}}}}};
    const Json view = value_of(arguments, {"cards.number"});
    CHECK(view == Json({{"cards", {{{"number", "[REDACTED]"}}, {{"number", "[REDACTED]"}}}}}));
}

TEST_CASE("H48 a key that holds the dot itself is hidden too") {
    CHECK(value_of({{"profile.ssn", "123-45-6789"}}, {"profile.ssn"}) == Json({{"profile.ssn", "[REDACTED]"}}));
    CHECK(value_of({{"a.b", {{"c", "hidden"}}}}, {"a.b.c"}) == Json({{"a.b", {{"c", "[REDACTED]"}}}}));
    CHECK(value_of({{"deep", {{"profile.ssn", "123-45-6789"}}}}, {"profile.ssn"})["deep"]["profile.ssn"] ==
          "[REDACTED]");
}

TEST_CASE("H48 a path that ends in an object hides all of it") {
    const RedactedView view =
        redacted({{"profile", {{"ssn", "123-45-6789"}}}, {"note", "ssn 123-45-6789"}}, {"profile"});
    CHECK(view.value == Json({{"profile", "[REDACTED]"}, {"note", "ssn [REDACTED]"}}));
    REQUIRE(view.redactions.size() == 1);
    CHECK(view.redactions[0].type == "object");
}

TEST_CASE("H49 fields inside nested JSON texts are hidden") {
    const Json view = value_of({{"payload", R"({"to": "ann", "body": "see you at nine"})"}}, {"body"});
    CHECK(view["payload"] == R"({"body":"[REDACTED]","to":"ann"})");
}

TEST_CASE("H49 JSON texts within JSON texts are looked into, whatever stands around them") {
    const Json inner = {{"body", "see \"you\" at nine"}};
    const std::string once = inner.dump();
    const std::string twice = Json({{"request", once}}).dump();
    for (const Json& payload : {Json(once), Json(twice), Json(Json(twice).dump()), Json("\n " + twice + "\n"),
                                Json::array({once}), Json(Json::array({twice}).dump())}) {
        CAPTURE(payload);
        const RedactedView view = redacted({{"payload", payload}}, {"body"});
        CHECK_THAT(view.value.dump(), !ContainsSubstring("nine") && ContainsSubstring("[REDACTED]"));
        CHECK(view.redactions.size() == 1);
    }
}

TEST_CASE("H49 a dotted path goes on inside a nested JSON text") {
    const RedactedView view =
        redacted({{"payload", R"({"profile": {"ssn": "123-45-6789"}})"}}, {"payload.profile.ssn"});
    CHECK(view.value["payload"] == R"({"profile":{"ssn":"[REDACTED]"}})");
    CHECK(view.redactions[0].path == "payload.profile.ssn");
}

TEST_CASE("H49 a JSON text without a hidden field is left as it was written") {
    const Json arguments = {{"payload", R"( {"to" : "ann", "n": 1.0} )"}};
    CHECK(value_of(arguments, {"body"}) == arguments);
}

TEST_CASE("H49 what looks like JSON but is not is hidden whole when it seems to set a hidden field") {
    for (const char* text :
         {R"({"body": "first", "body": "second"})", R"({"body": "cut off)", "{'body': 'python'}", "{body: 'script'}",
          R"({"id": 12345678901234567890123, "body": "exact"})", "{\"body\": \"one\"}\n{\"body\": \"two\"}",
          R"([{"bo\u0064y": "escaped"},])", R"({\"Body\": \"half unescaped\"})"}) {
        CAPTURE(text);
        CHECK(value_of({{"payload", text}}, {"body"}) == Json({{"payload", "[REDACTED]"}}));
    }
}

TEST_CASE("H49 what looks like JSON and sets no hidden field stays readable") {
    for (const char* text : {"[INFO] body sent", "{cut off", "[1, 2", "{\"subject\": \"no body\", }"}) {
        CAPTURE(text);
        CHECK(value_of({{"log", text}}, {"body"}) == Json({{"log", text}}));
    }
}

TEST_CASE("H49 a hidden value is masked in every other text and key") {
    const Json arguments = {
        {"password", "hunter2"},
        {"url", "https://example.org/?p=hunter2&x=1"},
        {"list", {"say hunter2 twice: hunter2"}},
        {"hunter2", "as a key"},
        {"by_hunter2", {{"nested", true}}},
    };
    const Json expected = {
        {"password", "[REDACTED]"},
        {"url", "https://example.org/?p=[REDACTED]&x=1"},
        {"list", {"say [REDACTED] twice: [REDACTED]"}},
        {"[REDACTED]", "as a key"},
        {"by_[REDACTED]", {{"nested", true}}},
    };
    CHECK(value_of(arguments, {"password"}) == expected);
}

TEST_CASE("H49 no argument is lost when several keys are masked alike") {
    const Json view = value_of({{"pass", {"hunter2", "hunter3"}}, {"hunter2", 1}, {"hunter3", 2}}, {"pass"});
    CHECK(view == Json({{"pass", "[REDACTED]"}, {"[REDACTED]", 1}, {"[REDACTED] (2)", 2}}));
}

TEST_CASE("H49 a hidden number is masked where it stands as a number or in a text") {
    const Json arguments = {{"pin", 4711}, {"copy", 4711}, {"text", "pin=4711"}, {"longer", 147110}, {"other", 12}};
    const Json expected = {{"pin", "[REDACTED]"},
                           {"copy", "[REDACTED]"},
                           {"text", "pin=[REDACTED]"},
                           {"longer", "[REDACTED]"},
                           {"other", 12}};
    CHECK(value_of(arguments, {"pin"}) == expected);
}

TEST_CASE("H49 each leaf of a hidden container is masked elsewhere, also in JSON texts within it") {
    const Json arguments = {
        {"account", {{"iban", "DE02-1203"}, {"codes", {"alpha-one", 98765}}, {"raw", R"({"key": "k-991-x"})"}}},
        {"note", "DE02-1203 / alpha-one / 98765 / k-991-x / free"},
    };
    CHECK(value_of(arguments, {"account"})["note"] == "[REDACTED] / [REDACTED] / [REDACTED] / [REDACTED] / free");
}

TEST_CASE("H49 the scrubber of a view masks errors and notes") {
    const RedactedView view = redacted({{"password", "hunter2"}}, {"password"});
    CHECK(view.scrubber.scrub("login failed for hunter2") == "login failed for [REDACTED]");
}

TEST_CASE("a redaction tells path, type and length class, and nothing more") {
    const Json arguments = {
        {"profile", {{"ssn", "123-45-6789"}}},
        {"cc", {1, 2, {{"secret", std::string(300, 'x')}}}},
        {"ssn", ""},
    };
    const RedactedView view = redacted(arguments, {"ssn", "secret"});
    REQUIRE(view.redactions.size() == 3);
    CHECK(view.redactions[0].path == "cc[2].secret");
    CHECK(view.redactions[0].length == "257+");
    CHECK(view.redactions[1].path == "profile.ssn");
    CHECK(view.redactions[1].type == "string");
    CHECK(view.redactions[1].length == "9-32");
    CHECK(view.redactions[2].length == "empty");
}

TEST_CASE("each kind of value has its type and length class") {
    const auto [value, type, length] = GENERATE(table<Json, std::string, std::string>({
        {Json(nullptr), "null", "empty"},
        {Json(true), "boolean", "1-8"},
        {Json(1234), "number", "1-8"},
        {Json(0.1234567890123), "number", "9-32"},
        {Json(""), "string", "empty"},
        {Json("12345678"), "string", "1-8"},
        {Json("\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"), "string", "1-8"},
        {Json("123456789"), "string", "9-32"},
        {Json(std::string(32, 'x')), "string", "9-32"},
        {Json(std::string(33, 'x')), "string", "33-256"},
        {Json(std::string(256, 'x')), "string", "33-256"},
        {Json(std::string(257, 'x')), "string", "257+"},
        {Json::array(), "array", "empty"},
        {Json::array({1}), "array", "1-8"},
        {Json::object(), "object", "empty"},
    }));
    CAPTURE(value);
    const RedactedView view = redacted({{"field", value}}, {"field"});
    REQUIRE(view.redactions.size() == 1);
    CHECK(view.redactions[0].type == type);
    CHECK(view.redactions[0].length == length);
}

TEST_CASE("H50 fingerprints are equal for equal values under one key and for nothing else") {
    const FingerprintKey key;
    const auto fingerprint = [](const Json& value, const FingerprintKey& with) {
        return redact({{"pin", value}}, {"pin"}, with).redactions.at(0).fingerprint;
    };
    CHECK(fingerprint("1234", key).size() == 8);
    CHECK(fingerprint("1234", key) == fingerprint("1234", key));
    CHECK(fingerprint("1234", key) == fingerprint("1234", FingerprintKey(key)));
    CHECK(fingerprint("1234", key) != fingerprint("1235", key));
    CHECK(fingerprint("1234", key) != fingerprint(1234, key));
    CHECK(fingerprint("1234", key) != fingerprint("1234", FingerprintKey()));
}

TEST_CASE("G7 the path of a redaction does not give a secret away either") {
    const RedactedView view = redacted({{"hunter2", {{"password", "hunter2"}}}}, {"password"});
    REQUIRE(view.redactions.size() == 1);
    CHECK(view.redactions[0].path == "[REDACTED].password");
}

TEST_CASE("a redaction goes through JSON and back") {
    const Redaction redaction{.path = "a.b", .type = "string", .length = "1-8", .fingerprint = "01234567"};
    CHECK(Json(redaction).get<Redaction>() == redaction);
}

TEST_CASE("H46 arguments that are not UTF-8 or too deep are refused") {
    CHECK_THROWS_AS(redacted({{"note", "\xff"}}, {"body"}), ArgumentsRefusedError);
    CHECK_THROWS_AS(redacted({{"body", "\xff"}}, {"body"}), ArgumentsRefusedError);
    CHECK_THROWS_AS(redacted({{"\xff", 1}}, {"body"}), ArgumentsRefusedError);
    CHECK_THROWS_AS(redacted(nested_arrays(3000), {"body"}), ArgumentsRefusedError);
    CHECK_THROWS_AS(redacted({{"body", nested_arrays(3000)}}, {"body"}), ArgumentsRefusedError);
    CHECK_THROWS_AS(redacted({{"body", std::numeric_limits<double>::quiet_NaN()}}, {"body"}), ArgumentsRefusedError);
    CHECK_NOTHROW(redacted(nested_arrays(1000), {"body"}));
}

TEST_CASE("H46 JSON texts that nest deep within each other do not exhaust the stack") {
    std::string text = R"({"body": "see you at nine"})";
    for (int level = 0; level < 8; ++level) {
        text = std::string(900, '[') + Json(text).dump() + std::string(900, ']');
    }
    CHECK_THAT(value_of({{"payload", text}}, {"body"}).dump(), !ContainsSubstring("nine"));
    CHECK_THAT(value_of({{"body", text}, {"note", "at nine"}}, {"body"}).dump(), !ContainsSubstring("[["));
}
