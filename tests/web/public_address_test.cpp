#include "web/public_address.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Why `read` refuses, or an empty text if it does not.
template <typename Read>
std::string refusal_of(Read read) {
    try {
        (void)read();
    } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::invalid_option);
        return error.what();
    }
    return {};
}

std::string path_refusal(const std::string& path) {
    return refusal_of([&] { return read_base_path(path); });
}

std::string origin_refusal(const std::string& origin) {
    return refusal_of([&] { return host_of_origin(origin); });
}

}  // namespace

TEST_CASE("a base path is one or more plain parts, with or without a slash at its end") {
    CHECK(read_base_path("/approvals") == "/approvals");
    CHECK(read_base_path("/approvals/") == "/approvals");
    CHECK(read_base_path("/teams/red-2/a_b.c~d") == "/teams/red-2/a_b.c~d");
    CHECK(read_base_path("/...") == "/...");
    CHECK(read_base_path("/").empty());
    CHECK(read_base_path("").empty());
}

TEST_CASE("H178 a base path that proxies, browsers and this server could read differently is refused, and says why") {
    CHECK_THAT(path_refusal("approvals"), ContainsSubstring("begins with a slash"));
    for (const std::string path : {"//", "//evil.example", "/a//b", "/a//", "//a"}) {
        CAPTURE(path);
        CHECK_THAT(path_refusal(path), ContainsSubstring("two slashes in a row"));
    }
    for (const std::string path : {"/.", "/..", "/a/../b", "/a/./b", "/a/..", "/../"}) {
        CAPTURE(path);
        CHECK_THAT(path_refusal(path), ContainsSubstring("take '.' and '..' out"));
    }
    for (const std::string path : {"/%61", "/a%2Fb", "/a b", "/a?b", "/a#b", "/a\\b", "/a\r\nb", "/\xC3\xA9", "/a;b",
                                   "/\"", "/<", "/a:b", "/@"}) {
        CAPTURE(path);
        CHECK_THAT(path_refusal(path), ContainsSubstring("nothing encoded"));
    }
    CHECK_THAT(path_refusal("/" + std::string(64, 'a')), ContainsSubstring("64 bytes"));
    CHECK(path_refusal("/" + std::string(63, 'a')).empty());
    CHECK_FALSE(path_refusal(std::string("/a\0b", 4)).empty());
}

TEST_CASE("a public origin has the host that browsers send") {
    CHECK(host_of_origin("https://review.example.org") == "review.example.org");
    CHECK(host_of_origin("https://review.example.org:8443") == "review.example.org:8443");
    CHECK(host_of_origin("http://10.0.0.7:8080") == "10.0.0.7:8080");
    CHECK(host_of_origin("http://[::1]") == "[::1]");
    CHECK(host_of_origin("https://[2001:db8::1]:8443") == "[2001:db8::1]:8443");
}

TEST_CASE("H178 a public origin that no browser would send is refused, and says why") {
    for (const std::string origin :
         {"review.example.org", "ftp://a.example", "HTTPS://a.example", "//a.example", "null"}) {
        CAPTURE(origin);
        CHECK_THAT(origin_refusal(origin), ContainsSubstring("https:// or http://"));
    }
    for (const std::string origin : {"https://", "https://Review.example", "https://a.example/", "https://a.example/x",
                                     "https://u@a.example", "https://a b", "https://a?b", "https://a#b", "https://*",
                                     "https://[", "https://[]", "https://[::1", "https://:443", "https://a\r\nb",
                                     "https://b\xC3\xBC"
                                     "cher.example"}) {
        CAPTURE(origin);
        CHECK_THAT(origin_refusal(origin), ContainsSubstring("the host alone"));
    }
    for (const std::string origin : {"https://a:443", "http://a:80", "https://a:", "https://a:0", "https://a:08443",
                                     "https://a:65536", "https://a:x", "https://a:1:2", "https://[::1]x:1"}) {
        CAPTURE(origin);
        CHECK_FALSE(origin_refusal(origin).empty());
    }
}

TEST_CASE("the page's markup names its files under the base path") {
    CHECK(under_base_path("<link href=\"/a.css\"><script src=\"/b.js\">", "/x") ==
          "<link href=\"/x/a.css\"><script src=\"/x/b.js\">");
    CHECK(under_base_path("<use href=\"#icon\"> a = \"/\"", "") == "<use href=\"#icon\"> a = \"/\"");
    CHECK(under_base_path("=\"/=\"/", "/x") == "=\"/x/=\"/x/");
}
