#include "approvekit/redaction.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

RedactedView hostile_view(const Json& arguments, const std::vector<std::string>& fields) {
    return redact(arguments, fields, FingerprintKey());
}

/// Everything that a reviewer and the disk would see.
std::string shown(const Json& arguments, const std::vector<std::string>& fields) {
    const RedactedView view = hostile_view(arguments, fields);
    return view.value.dump() + Json(view.redactions).dump();
}

/// The processor time of this process, however busy the machine is.
double seconds_of(const std::function<void()>& work) {
    const std::clock_t start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("H73 the keys of a hidden object are masked wherever else they stand") {
    const Json arguments = {
        {"card", {{"4111111111110002", {{"cvc", 123}}}, {"swordfish", true}, {"ann@example.org", 1}}},
        {"note", "charge 4111111111110002 with swordfish for ann@example.org"},
        {"limits", {{"4111111111110002", 50}}},
        {"url", "https://example.org/4111111111110002?to=ann%40example.org"},
    };
    const std::string text = shown(arguments, {"card"});
    CHECK_THAT(text, !ContainsSubstring("4111111111110002") && !ContainsSubstring("swordfish"));
    CHECK_THAT(text, !ContainsSubstring("ann@") && !ContainsSubstring("ann%40"));
}

TEST_CASE("H73 the keys of an object within a hidden JSON text are masked too") {
    const Json arguments = {{"card", R"([{"4111111111110002": {}}])"}, {"note", "4111111111110002"}};
    CHECK(hostile_view(arguments, {"card"}).value["note"] == "[REDACTED]");
}

TEST_CASE("H73 a hidden value that cannot be shown is refused without its keys") {
    const Json arguments = {{"card", {{"4111111111110002", std::numeric_limits<double>::quiet_NaN()}}}};
    CHECK_THROWS_WITH(hostile_view(arguments, {"card"}), !ContainsSubstring("4111111111110002"));
}

TEST_CASE("H73 words that name members stay readable") {
    const Json arguments = {
        {"customer", {{"name", "Ann Archer"}, {"id", 77123}, {"iban", "DE02-1203"}}},
        {"name", "deploy"},
        {"filename", "name of file, id, iban"},
    };
    const Json value = hostile_view(arguments, {"customer", "iban"}).value;
    CHECK(value == Json({{"customer", "[REDACTED]"}, {"name", "deploy"}, {"filename", "name of file, id, iban"}}));
}

TEST_CASE("H73 names compare by Unicode case folding, composed or not") {
    for (const auto& [field, key] : std::vector<std::pair<std::string, std::string>>{
             {"gr\u00f6\u00dfe", "GR\u00d6\u00dfE"},                                // sharp s beside capitals
             {"gr\u00f6\u00dfe", "GR\u00d6\u1e9eE"},                                // capital sharp s
             {"stra\u00dfe", "STRASSE"},                                            // its two letters
             {"gr\u00f6\u00dfe", "gro\u0308\u00dfe"},                               // NFD
             {"gro\u0308\u00dfe", "GR\u00d6SSE"},                                   // the policy in NFD
             {"\u0438\u043c\u044f", "\u0418\u041c\u042f"},                          // Cyrillic
             {"\u03c3\u03bf\u03c6\u03cc\u03c2", "\u03a3\u039f\u03a6\u038c\u03a3"},  // final sigma
             {"ssn", "\uff33\uff33\uff2e"},                                         // full width
             {"ssn", "s\u00adsn"},                                                  // a hyphen that is not drawn
             {"\u0130d", "i\u0307d"},                                               // the dotted capital I
         }) {
        CAPTURE(field, key);
        CHECK(hostile_view({{key, "hunter2"}}, {field}).value == Json({{key, "[REDACTED]"}}));
        CHECK(hostile_view({{"a", {{key, "hunter2"}}}}, {"A." + field}).value["a"][key] == "[REDACTED]");
    }
}

TEST_CASE("H73 the dotless i is a letter of its own in every locale") {
    CHECK(hostile_view({{"PIN", "hunter2"}}, {"pin"}).value["PIN"] == "[REDACTED]");
    CHECK(hostile_view({{"p\u0131n", "hunter2"}}, {"pin"}).value["p\u0131n"] == "hunter2");
}

TEST_CASE("H73 JSON text is found behind marks, blanks and comments") {
    const std::string json = R"({"to": "ann", "body": "see you at nine"})";
    for (const std::string before :
         {"\ufeff", "\u00a0", "\f", "\v", "\u2003", "\u3000", "\u2028", "\u200b", "\u2800", "\u0085", "\x01",
          "// note\n", "/* note */ ", "# note\n", "/**//*x*/\n// y\r\n", "(", ")]}',\n", "\ufeff \u00a0// z\n"}) {
        CAPTURE(before);
        CHECK_THAT(shown({{"payload", before + json}}, {"body"}),
                   !ContainsSubstring("nine") && ContainsSubstring("[REDACTED]"));
        CHECK_THAT(shown({{"payload", before + Json(json).dump()}}, {"body"}), !ContainsSubstring("nine"));
        CHECK_THAT(shown({{"payload", before + json + before}}, {"body"}), !ContainsSubstring("nine"));
    }
}

TEST_CASE("H73 marks and blanks around JSON text do not hide the rest of it") {
    CHECK(hostile_view({{"payload", "\ufeff\u00a0{\"to\": \"ann\", \"body\": \"x\"}\f"}}, {"body"}).value["payload"] ==
          R"({"body":"[REDACTED]","to":"ann"})");
}

TEST_CASE("H73 what is not quite JSON is hidden whole when it seems to set a hidden field") {
    for (const char* text :
         {"{\"body\" /* note */ : \"nine\"}", "{\"body\" // note\n : \"nine\"}", "{\"body\"\u00a0: \"nine\"}",
          "{\"body\"\f: \"nine\"}", "{\"u\": \"http://x\", \"body\" /*c*/ : \"nine\"}", "{\"BODY\uff1a\": \"nine\",}",
          "{\"g\": \"/*\", \"u\": \"//\", \"body\" /* c */ : \"nine\"}", "{\"body\" # note\n : \"nine\"}",
          "{\"\uff42ody\": \"nine\",}", "// {\n{\"body\": \"nine\"} trailing"}) {
        CAPTURE(text);
        CHECK(hostile_view({{"payload", text}}, {"body"}).value == Json({{"payload", "[REDACTED]"}}));
    }
}

TEST_CASE("H73 the strings of a text that is hidden whole are masked elsewhere too") {
    const Json arguments = {{"payload", "/* c */ {\"body\": \"hunter2\"}"}, {"note", "it is hunter2"}};
    CHECK(hostile_view(arguments, {"body"}).value["note"] == "it is [REDACTED]");
}

TEST_CASE("H73 prose that mentions a hidden field stays readable") {
    for (const char* text : {"# Notes\n\nbody: see below", "// body = 3", "about the {body}: fine", "/home/ann/{id}",
                             "(see body: 3)", "-- body: x"}) {
        CAPTURE(text);
        CHECK(hostile_view({{"log", text}}, {"body"}).value == Json({{"log", text}}));
    }
}

TEST_CASE("H73 a word that only ends like a hidden field hides nothing") {
    for (const char* text :
         {"[draft] Paid: 3", "{user_id: 3, }", "{\"orderId\": 3, }", "[INFO] r\u00e9sum\u00e9 v2id=3"}) {
        CAPTURE(text);
        CHECK(hostile_view({{"log", text}}, {"id"}).value == Json({{"log", text}}));
    }
    for (const char* text :
         {"[draft] id: 3", "{user-id: 3, }", "{\\nid: 3, }", "{x\\n\\tid: 3, }", "{\\u0022id\\u0022: 3, }",
          "{\\x22id: 3, }", "{$id: 3, }", "{\u7f16\u53f7id: 3, }", "{a,id: 3, }"}) {
        CAPTURE(text);
        CHECK(hostile_view({{"log", text}}, {"id"}).value == Json({{"log", "[REDACTED]"}}));
    }
}

TEST_CASE("H73 a field that is no name is refused with what to write instead") {
    for (const char* field : {"*", "a.*", "items[0].x", "items[].x", "items[*]", "$", "$.a", "$['a']", "/a/b", "#/a",
                              "iban, bic", "a..b", ".a"}) {
        CAPTURE(field);
        CHECK_THROWS_AS(hostile_view({{"a", 1}}, {field}), Error);
    }
    for (const char* field : {"$filter", "filter[name]", "a.b", "x-y", "gr\u00f6\u00dfe", "#", "@type"}) {
        CAPTURE(field);
        CHECK_NOTHROW(hostile_view({{"a", 1}}, {field}));
    }
}

TEST_CASE("H77 very many keys that are masked alike take time in proportion") {
    Json arguments = {{"pass", "hunter2"}};
    for (int index = 0; index < 40'000; ++index)
        arguments[std::string(static_cast<std::size_t>(index % 7), 'x') + std::to_string(index) + "hunter2"] = index;
    Json alike = {{"pass", Json::array()}};
    for (int index = 0; index < 40'000; ++index) {
        alike["pass"].push_back("k" + std::to_string(100'000 + index));
        alike["k" + std::to_string(100'000 + index)] = index;
    }
    CHECK(seconds_of([&] { CHECK(hostile_view(arguments, {"pass"}).value.size() == 40'001); }) < 10);
    CHECK(seconds_of([&] { CHECK(hostile_view(alike, {"pass"}).value.size() == 40'001); }) < 10);
}

TEST_CASE("H77 very many long secrets that begin alike take time in proportion") {
    std::vector<std::string> secrets;
    for (int index = 0; index < 40'000; ++index)
        secrets.push_back(std::string(32, '0') + std::to_string(100'000 + index));
    const std::string zeros(std::size_t{1} << 20, '0');
    CHECK(seconds_of([&] { CHECK(Scrubber(secrets).scrub(zeros + secrets[7] + "!").ends_with("[REDACTED]!")); }) < 10);
    CHECK(Scrubber(secrets).scrub("x " + secrets[7] + " y " + std::string(32, '0') + "9") ==
          "x [REDACTED] y " + std::string(32, '0') + "9");
}

TEST_CASE("H77 very many hidden values below a very long key take time and memory in proportion") {
    Json below = Json::array();
    for (int index = 0; index < 40'000; ++index)
        below.push_back({{"s", 1}});
    const std::string long_key(500'000, 'k');
    const Json arguments = {{long_key, below}};
    std::size_t bytes = 0;
    CHECK(seconds_of([&] {
              for (const Redaction& redaction : hostile_view(arguments, {"s"}).redactions)
                  bytes += redaction.path.size();
          }) < 10);
    CHECK(bytes < 40'000 * 300);
    CHECK(hostile_view({{long_key, {{"s", 1}}}}, {"s"}).redactions.at(0).path == "(a long key).s");
}

TEST_CASE("H77 looking for names in texts takes time in proportion") {
    std::string quotes = "{\"";
    while (quotes.size() < (std::size_t{1} << 20))
        quotes += "body\" \" \\ ";
    CHECK(seconds_of([&] { static_cast<void>(hostile_view({{"t", quotes}}, {"body", "b"})); }) < 10);
    const std::string comments = std::string(std::size_t{1} << 20, '/') + "{";
    CHECK(seconds_of([&] { static_cast<void>(hostile_view({{"t", comments}}, {"body"})); }) < 10);
}

TEST_CASE("H152 marks upon marks do not show a field of a text that is almost JSON") {
    std::string marks;
    for (int count = 0; count < 31; ++count)
        marks += "\u0301";
    const std::string text = "{\uFF54oken: \"hunter2\", a: \"x" + marks + "\"}";
    CHECK(hostile_view({{"body", text}}, {"token"}).value["body"] == "[REDACTED]");
}
