#include "approvekit/redaction.hpp"
#include "support/catch.hpp"

#include <sodium.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string scrub(const std::vector<std::string>& secrets, const std::string& text) {
    return Scrubber(secrets).scrub(text);
}

std::string percent_encoded(const std::string& text, bool upper_case, const std::string& kept) {
    const std::string digits = upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string encoded;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (kept.find(character) != std::string::npos) {
            encoded += character;
        } else {
            encoded += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return encoded;
}

std::string form_encoded(const std::string& text) {
    std::string encoded = percent_encoded(text, true, "abcdefghijklmnopqrstuvwxyz0123456789 ");
    std::replace(encoded.begin(), encoded.end(), ' ', '+');
    return encoded;
}

std::string escaped(const std::string& text) {
    const std::string quoted = Json(text).dump();
    return quoted.substr(1, quoted.size() - 2);
}

std::string escaped_to_ascii(const std::string& text) {
    const std::string quoted = Json(text).dump(-1, ' ', true);
    return quoted.substr(1, quoted.size() - 2);
}

std::string base64(const std::string& text, int variant) {
    std::string encoded(sodium_base64_encoded_len(text.size(), variant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                      variant);
    encoded.pop_back();
    return encoded;
}

/// The forms in which a value is likely to occur inside another text.
std::vector<std::string> disguises(const std::string& secret) {
    return {
        secret,
        escaped(secret),
        escaped_to_ascii(secret),
        escaped(escaped(secret)),
        percent_encoded(secret, true, ""),
        percent_encoded(secret, false, "abcdefghijklmnopqrstuvwxyz"),
        percent_encoded(percent_encoded(secret, true, "abc"), true, "abc"),
        form_encoded(secret),
        percent_encoded(escaped(secret), true, ""),
        escaped(form_encoded(secret)),
        base64(secret, sodium_base64_VARIANT_ORIGINAL),
        base64(secret, sodium_base64_VARIANT_ORIGINAL_NO_PADDING),
        base64(secret, sodium_base64_VARIANT_URLSAFE),
        base64(secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
    };
}

const std::vector<std::string>& telling_secrets() {
    static const std::vector<std::string> secrets = {
        "hunter2",       "p@ss \"w\\rd\"", "line one\nline two\ttab", "gr\u00fc\u00dfe \U0001f600", "a+b c+d",
        "100%41 & more", "<b>&amp;</b>",   "/path/to?x=1#y",          "\x01\x7f control",           "4711",
    };
    return secrets;
}

}  // namespace

TEST_CASE("a scrubber without secrets changes nothing") {
    CHECK(Scrubber().empty());
    CHECK(Scrubber({"", "  \n"}).empty());
    CHECK(Scrubber().scrub("hunter2 %41 \\n") == "hunter2 %41 \\n");
}

TEST_CASE("H49 a secret is masked in clear, escaped, percent-encoded, in base64 and in these over each other") {
    for (const std::string& secret : telling_secrets()) {
        for (const std::string& disguise : disguises(secret)) {
            CAPTURE(secret, disguise);
            CHECK(scrub({secret}, disguise) == "[REDACTED]");
            CHECK(scrub({secret}, "before: " + disguise + ", after") == "before: [REDACTED], after");
        }
    }
}

TEST_CASE("H49 a secret inside a longer base64 text takes the whole of it along") {
    for (const char* around : {"", "u", "us", "user:"}) {
        const std::string encoded =
            base64(around + std::string("hunter2-and-more") + around, sodium_base64_VARIANT_ORIGINAL);
        CAPTURE(encoded);
        CHECK(scrub({"hunter2-and-more"}, "Authorization: Basic " + encoded + "; next") ==
              "Authorization: Basic [REDACTED]; next");
    }
}

TEST_CASE("H49 a secret of four bytes is masked inside a longer base64 text too") {
    for (const std::string secret : {"4711", "hunt5"}) {
        for (const std::string before : {"", "u", "us", "ada:"}) {
            for (const std::string after : {"", "\n", " and more"}) {
                const std::string encoded = base64(before + secret + after, sodium_base64_VARIANT_ORIGINAL);
                CAPTURE(encoded);
                CHECK(scrub({secret}, "Basic " + encoded) == "Basic [REDACTED]");
            }
        }
    }
}

TEST_CASE("H49 a secret in base64 is masked in all lines of it") {
    std::string key;
    for (int part = 0; part < 40; ++part)
        key += "part-" + std::to_string(part * 7919);
    const std::string encoded = base64("-- " + key + " --", sodium_base64_VARIANT_ORIGINAL);
    for (const std::string line_end : {"\n", "\r\n", "\n    ", "\\n"}) {
        std::string lines;
        for (std::size_t at = 0; at < encoded.size(); at += 76)
            lines += (at == 0 ? "" : line_end) + encoded.substr(at, 76);
        CAPTURE(lines);
        CHECK(scrub({key}, "the key: " + lines + ", thanks") == "the key: [REDACTED], thanks");
        CHECK(scrub({key.substr(120, 30)}, "the key: " + lines + ", thanks") == "the key: [REDACTED], thanks");
    }
}

TEST_CASE("H49 a word that begins a longer secret does not make that one a word") {
    const std::string word(32, 'w');
    const Scrubber scrubber({word + "-and-the-rest"}, {word});
    CHECK(scrubber.scrub("z" + word + "-and-the-rest") == "z[REDACTED]");
}

TEST_CASE("H49 a percent sign or a backslash that encodes nothing is left alone") {
    for (const char* text :
         {"100%", "%", "%4", "%zz", "50%-60%", "\\", "C:\\dir\\", "\\q", "\\u12", "\\ud800", "\\x4"}) {
        CAPTURE(text);
        CHECK(scrub({"hunter2"}, text) == text);
        CHECK(scrub({"hunter2"}, text + std::string("hunter2") + text) == text + std::string("[REDACTED]") + text);
    }
}

TEST_CASE("H49 secrets that overlap leave nothing behind") {
    CHECK(scrub({"abcdef", "defghi"}, "x abcdefghi y") == "x [REDACTED] y");
    CHECK(scrub({"abcd", "abcdefgh"}, "x abcdefgh y") == "x [REDACTED] y");
    CHECK(scrub({"cdef", "abcdefgh"}, "x abcdefgh y") == "x [REDACTED] y");
    CHECK(scrub({"efgh", "abcdefgh", "bcdefg"}, "abcdefgh") == "[REDACTED]");
    CHECK(scrub({"abab"}, "ababab") == "[REDACTED]");
    CHECK(scrub({"abcd", "efgh"}, "abcdefgh") == "[REDACTED]");
    CHECK(scrub({"abcdef", "cdex"}, "abcdex") == "ab[REDACTED]");
}

TEST_CASE("H49 a secret of up to three characters is masked as a word only") {
    CHECK(scrub({"7"}, "7 of 77, x7, 7_, (7), 7") == "[REDACTED] of 77, x7, 7_, ([REDACTED]), [REDACTED]");
    CHECK(scrub({"cat"}, "cat concatenate cat-flap") == "[REDACTED] concatenate [REDACTED]-flap");
    CHECK(scrub({"\u00e9t\u00e9"}, "\u00e9t\u00e9 \u00e9t\u00e9s") == "[REDACTED] \u00e9t\u00e9s");
    CHECK(scrub({"42"}, "?code%3D42%26x=1") == "?code%3D[REDACTED]%26x=1");
    CHECK(scrub({"cat"}, "Y2F0 Y2F0Y2F0") == "[REDACTED] Y2F0Y2F0");
}

TEST_CASE("H49 where a longer secret does not count, a shorter one still does") {
    CHECK(scrub({"x a", "a"}, "yx a") == "yx [REDACTED]");
    CHECK(scrub({"YWJj", "abc"}, "xYWJjx") == "x[REDACTED]x");
}

TEST_CASE("H49 long secrets that begin alike are told apart") {
    const std::string beginning(40, 'b');
    const std::vector<std::string> secrets = {beginning + "-one", beginning + "-two and more", beginning};
    CHECK(scrub(secrets, "x" + beginning + "-one.") == "x[REDACTED].");
    CHECK(scrub(secrets, "x" + beginning + "-two and more.") == "x[REDACTED].");
    CHECK(scrub(secrets, "x" + beginning + "-two and less.") == "x[REDACTED]-two and less.");
    CHECK(scrub(secrets, "x" + beginning + "-on") == "x[REDACTED]-on");
    CHECK(scrub({beginning + "-one"}, "x" + beginning + "-on") == "x" + beginning + "-on");
    CHECK(scrub({beginning + " a+b"}, beginning + "+a b") == "[REDACTED]");
}

TEST_CASE("H49 a long secret that begins within another one is masked to its end") {
    const std::string outer = "outer " + std::string(60, 'x') + " end";
    const std::string inner = std::string(50, 'x') + " end and what follows it to the very end";
    CHECK(scrub({outer, inner}, "outer " + std::string(60, 'x') + " end and what follows it to the very end!") ==
          "[REDACTED]!");
}

TEST_CASE("H49 the literals, blanks and the mark itself are not secrets") {
    CHECK(scrub({"true", "false", "null", " ", "\n"}, "true, false\nor null") == "true, false\nor null");
    CHECK(scrub({"[REDACTED]", "REDACTED"}, "[REDACTED]") == "[REDACTED]");
}

TEST_CASE("H49 a secret is found with and without the blanks around it") {
    CHECK(scrub({"  hunter2\n"}, "hunter2") == "[REDACTED]");
    CHECK(scrub({"hunter2"}, "  hunter2\n") == "  [REDACTED]\n");
}

TEST_CASE("scrubbing twice is scrubbing once") {
    const Scrubber scrubber({"hunter2", "RED", "E", "4711", "REDA"});
    const std::string once = scrubber.scrub("hunter2 RED E 4711 REDACTED hunter24711");
    CHECK(scrubber.scrub(once) == once);
}

TEST_CASE("a scrubbed text is UTF-8 still") {
    for (const std::string& disguise : disguises("\u00fc\u00df\U0001f600x")) {
        const std::string text = "\u00e9" + disguise + "\U0001f600";
        CAPTURE(text);
        CHECK_NOTHROW(static_cast<void>(Json(scrub({"\u00fc\u00df\U0001f600x"}, text)).dump()));
    }
}

TEST_CASE("a scrubber may be used by several threads and copied") {
    const Scrubber original({"hunter2"});
    std::vector<std::string> results(4);
    {
        std::vector<std::jthread> threads;
        for (std::string& result : results) {
            threads.emplace_back([&result, copy = original] { result = copy.scrub("say hunter2"); });
        }
    }
    CHECK(results == std::vector<std::string>(4, "say [REDACTED]"));
}

TEST_CASE("a value deeper than any stack is scrubbed") {
    Json value = "hunter2";
    for (int level = 0; level < 100'000; ++level) {
        Json outer = Json::array();
        outer.push_back(std::move(value));
        value = std::move(outer);
    }
    Scrubber({"hunter2"}).scrub(value);
    const Json* leaf = &value;
    while (leaf->is_array())
        leaf = &leaf->front();
    CHECK(*leaf == "[REDACTED]");
}

namespace {

/// Random arguments with a secret planted everywhere, in every form.
class PlantedArguments {
public:
    explicit PlantedArguments(unsigned seed) : random_(seed), secret_(random_secret()) {}

    [[nodiscard]] const std::string& secret() const { return secret_; }

    Json draw() {
        Json arguments = object(3);
        arguments["password"] = random_() % 2 == 0 ? Json(secret_) : Json({{"inner", {secret_}}});
        return arguments;
    }

private:
    std::string random_secret() {
        const std::string alphabet = "QXZJKqxzjk0189 \"\\/%+&=<>\n\u00e9";
        std::string secret = "Q";
        for (auto length = 6 + random_() % 40; length > 0; --length)
            secret += alphabet[random_() % (alphabet.size() - 2)];
        return secret + "Z";
    }

    std::string text() {
        const std::vector<std::string> forms = disguises(secret_);
        const std::string form = forms[random_() % forms.size()];
        switch (random_() % 4) {
            case 0:
                return "free text";
            case 1:
                return form;
            case 2:
                return "see: " + form + " and " + secret_;
            default:
                return Json({{"deep", form}, {"password", secret_}}).dump();
        }
    }

    Json value(int depth) {
        switch (random_() % (depth > 0 ? 5 : 3)) {
            case 0:
                return random_() % 100;
            case 1:
                return random_() % 2 == 0;
            case 2:
                return text();
            case 3:
                return object(depth - 1);
            default:
                return Json::array({value(depth - 1), value(depth - 1)});
        }
    }

    Json object(int depth) {
        Json object = Json::object();
        for (auto count = random_() % 5; count > 0; --count) {
            const std::string key = "key" + std::to_string(count);
            object[random_() % 4 == 0 ? key + secret_ : key] = value(depth);
        }
        return object;
    }

    std::mt19937 random_;
    std::string secret_;
};

}  // namespace

TEST_CASE("G7 a planted secret occurs nowhere in the view, in none of its disguises") {
    for (unsigned seed = 0; seed < 500; ++seed) {
        PlantedArguments planted(seed);
        const Json arguments = planted.draw();
        const RedactedView view = redact(arguments, {"password"}, FingerprintKey());
        const std::string shown = view.value.dump() + Json(view.redactions).dump();
        for (const std::string& disguise : disguises(planted.secret())) {
            CAPTURE(seed, planted.secret(), disguise, arguments.dump(), shown);
            REQUIRE(shown.find(disguise) == std::string::npos);
            REQUIRE(shown.find(escaped(disguise)) == std::string::npos);
        }
    }
}

TEST_CASE("H46 scrubbing stays fast for 1 MiB and 100 secrets, however they are chosen") {
    std::mt19937 random(1);
    std::vector<std::string> random_secrets;
    std::vector<std::string> alike_secrets;
    for (std::size_t index = 0; index < 100; ++index) {
        random_secrets.push_back("secret-" + std::to_string(random()) + "-" + std::to_string(random()));
        alike_secrets.push_back(std::string(1000 + index, '0') + "1");
    }
    std::string prose;
    while (prose.size() < (1U << 20U))
        prose += "the quick %41 brown \\u0066ox jumps over " + random_secrets[random() % 100];

    const auto seconds = [](const std::vector<std::string>& secrets, const std::string& text) {
        const std::clock_t start = std::clock();  // the time of this process, however busy the machine is
        static_cast<void>(scrub(secrets, text));
        return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };
    CHECK(seconds(random_secrets, prose) < 20);
    CHECK(seconds(alike_secrets, std::string(1U << 20U, '0')) < 20);
    CHECK_THAT(scrub(alike_secrets, std::string(1U << 20U, '0') + alike_secrets.back()),
               !ContainsSubstring(alike_secrets.front()));
    CHECK(seconds({std::string(1U << 20U, '0')}, std::string(1U << 20U, '0')) < 20);
}
