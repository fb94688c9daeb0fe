// Tricks that pass a test of a URL or a mail address in other programs, and what happens to them here.

#include "approvekit/error.hpp"
#include "approvekit/policy.hpp"

#include "policy/judged.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using approvekit::testing::truth_of_condition;
using approvekit::testing::truth_of_test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string web = "{url: {host_in: [example.com, \"*.example.org\"], scheme_in: [https]}}";
const std::string local = "{url: {host_in: [127.0.0.1, \"[::1]\"]}}";
const std::string ported = "{url: {host_in: [example.com], port_in: [443]}}";
const std::string mail = "{email: {domain_in: [example.com]}}";

}  // namespace

TEST_CASE("H117 a user name in a URL is not a host") {
    for (const char* text : {"https://example.com@evil.test/", "https://example.com:x@evil.test/",
                             "https://@example.com/", "https://a@example.com/", "https://example.com%40evil.test/",
                             "https://example.com?@evil.test/", "https://example.com#@evil.test/"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H118 a backslash in a URL makes it none") {
    for (const char* text : {"https://evil.test\\@example.com/", "https:\\\\example.com/",
                             "https://example.com\\.evil.test/", "https://example.com/\\..\\x"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H119 a host that begins or ends alike is another one") {
    for (const char* text :
         {"https://example.com.evil.test/", "https://evilexample.com/", "https://example.co/", "https://example.org/",
          "https://evil.test/?https://example.com/", "https://evil.test/#example.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "false");
    }
}

TEST_CASE("H120 a dot at the end of a host changes nothing") {
    CHECK(truth_of_test(web, "https://example.com./") == "true");
    CHECK(truth_of_test(web, "https://a.example.org.") == "true");
    for (const char* text :
         {"https://example.com../", "https://.example.com/", "https://a..example.org/", "https://./"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H121 case changes neither scheme nor host") {
    CHECK(truth_of_test(web, "HTTPS://EXAMPLE.COM/x") == "true");
    CHECK(truth_of_test(web, "https://A.Example.ORG") == "true");
}

TEST_CASE("H122 letters beyond ASCII in a host are not known") {
    for (const char* text : {"https://ex\u0430mple.com/", "https://\uff45xample.com/", "https://example\u3002com/",
                             "https://example.com\u200b/", "https://b\u00fccher.example/"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H123 an encoded host that is not listed is not known") {
    CHECK(truth_of_test(web, "https://xn--exmple-4nf.com/") == "unknown");
    CHECK(truth_of_test("{url: {host_in: [xn--bcher-kva.example]}}", "https://xn--bcher-kva.example/") == "true");
    CHECK(truth_of_test(web, "https://xn--a.example.org/") == "true");
}

TEST_CASE("H124 another scheme does not pass") {
    CHECK(truth_of_test(web, "http://example.com/") == "false");
    CHECK(truth_of_test(web, "ftp://example.com/") == "false");
    for (const char* text :
         {"file:///etc/passwd", "javascript:alert(1)//example.com", "data:text/html,x", "https:example.com",
          "https:/example.com", "//example.com/", "example.com", "https://", "https:///example.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H125 blanks in a URL make it none") {
    for (const char* text : {" https://example.com/", "https://example.com/ ", "https://exa\tmple.com/",
                             "https://example.com/\n", "ht\ntps://example.com/", "https://example.com/a b"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H126 an address in another notation is not known") {
    for (const char* text : {"http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
                             "http://127.0.0.1./", "http://127.0.0.256/", "http://0x7f000001/"}) {
        CAPTURE(text);
        CHECK(truth_of_test(local, text) == "unknown");
    }
    CHECK(truth_of_test(local, "http://127.0.0.1/") == "true");
    CHECK(truth_of_test(local, "http://127.0.0.2/") == "false");
}

TEST_CASE("H127 an address of IPv6 has one form") {
    for (const char* text :
         {"http://[::ffff:127.0.0.1]/", "http://[::1%25lo]/", "http://[::1/", "http://[]/", "http://[::127.0.0.1]/"}) {
        CAPTURE(text);
        CHECK(truth_of_test(local, text) == "unknown");
    }
    CHECK(truth_of_test(local, std::string("http://[::1\0.evil.test]/", 24)) == "unknown");
    CHECK(truth_of_test(local, "http://[0:0:0:0:0:0:0:1]/") == "true");
    CHECK(truth_of_test(local, "http://[2001:db8::2]/") == "false");
}

TEST_CASE("H128 a port is what it says") {
    CHECK(truth_of_test(ported, "https://example.com/") == "true");
    CHECK(truth_of_test(ported, "https://example.com:443/") == "true");
    CHECK(truth_of_test(ported, "https://example.com:8443/") == "false");
    for (const char* text : {"https://example.com:/", "https://example.com:0443/", "https://example.com:0x1bb/",
                             "https://example.com:99999/", "https://example.com:443:80/", "gopher://example.com/"}) {
        CAPTURE(text);
        CHECK(truth_of_test(ported, text) == "unknown");
    }
}

TEST_CASE("H129 a text with more than one URL is none") {
    for (const char* text : {"https://example.com/ https://evil.test/", "see https://example.com/",
                             "https://example.com/,\"https://evil.test/", "<https://example.com/>"}) {
        CAPTURE(text);
        CHECK(truth_of_test(web, text) == "unknown");
    }
}

TEST_CASE("H130 several addresses are not one") {
    for (const char* text : {"a@example.com, b@evil.test", "a@example.com;b@evil.test", "a@example.com b@evil.test",
                             "a@evil.test,b@example.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}

TEST_CASE("H131 a display name, quotes or a comment are no address") {
    for (const char* text : {"Ann <a@example.com>", "<a@example.com>", "\"a@evil.test\"@example.com",
                             "a(x)@example.com", "a@example.com(evil.test)", "\"a b\"@example.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}

TEST_CASE("H132 a mail address with a route through another host counts as unknown") {
    for (const char* text : {"a@evil.test@example.com", "a%evil.test@example.com", "evil.test!a@example.com",
                             "@evil.test:a@example.com", "=?utf-8?q?eve=40evil.test=3e=20?=@example.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}

TEST_CASE("H133 a line break is in no address") {
    for (const char* text :
         {"a@example.com\nBcc: b@evil.test", "a@example.com\r\n", "\na@example.com", "a@example.com\t"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}

TEST_CASE("H134 a domain compares as a host") {
    CHECK(truth_of_test(mail, "a@EXAMPLE.com") == "true");
    CHECK(truth_of_test(mail, "a.b+c@example.com") == "true");
    for (const char* text : {"a@sub.example.com", "a@example.com.evil.test", "a@notexample.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "false");
    }
}

TEST_CASE("H135 an address at no domain is none") {
    for (const char* text :
         {"a@[127.0.0.1]", "a@127.0.0.1", "a@[::1]", "a@example.com.", "@example.com", "a@", ".a@example.com",
          "a.@example.com", "a..b@example.com", "-a@example.com", "example.com", "a@exa_mple.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}

TEST_CASE("H136 letters beyond ASCII in an address are not known") {
    for (const char* text : {"a@ex\u0430mple.com", "\u00e4@example.com", "a@xn--exmple-4nf.com"}) {
        CAPTURE(text);
        CHECK(truth_of_test(mail, text) == "unknown");
    }
}
