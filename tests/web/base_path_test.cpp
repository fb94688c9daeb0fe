// A server that is reached through a proxy, under a path on another host.

#include "approvekit/error.hpp"
#include "approvekit/web_reviewer.hpp"
#include "support/catch.hpp"
#include "support/web_fixture.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::testing;
using Catch::Matchers::ContainsSubstring;

namespace {

web::Settings settings_under(const std::string& base_path) {
    web::Settings settings = WebFixture::usual_settings();
    settings.base_path = base_path;
    settings.public_origin = "https://review.example.org";
    return settings;
}

/// A request as the proxy forwards it.
RawAnswer ask_proxied(const WebFixture& fixture, const std::string& start, const std::string& headers,
                      const std::string& body = {}) {
    return fixture.connect().ask(start + " HTTP/1.1\r\nHost: review.example.org\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
}

const std::string own_origin = "Origin: https://review.example.org\r\nSec-Fetch-Site: same-origin\r\n";

}  // namespace

TEST_CASE("G10 under a base path a browser opens the page, signs in by the public link and decides") {
    WebFixture fixture(settings_under("/approvals"));
    const auto asked = fixture.storage->add("wire");
    const std::string link = fixture.server.make_link();
    CHECK_THAT(link, Catch::Matchers::StartsWith("https://review.example.org/approvals/#sign-in="));
    CHECK(fixture.server.address() == "http://" + fixture.host() + "/approvals");

    const auto page = ask_proxied(fixture, "GET /approvals/", "");
    CHECK(page.status == 200);
    CHECK_THAT(page.body, ContainsSubstring("src=\"/approvals/main.js\"") && !ContainsSubstring("=\"/main.js\""));
    CHECK(ask_proxied(fixture, "GET /approvals/main.js", "").status == 200);
    CHECK(ask_proxied(fixture, "GET /approvals/api/health", "").status == 200);

    const std::string secret(64, 'a');
    const std::string json = own_origin + std::string(json_type);
    const std::string body = Json({{"link", key_of(link)}, {"secret", secret}}).dump();
    CHECK(ask_proxied(fixture, "POST /approvals/api/session", json, body).status == 200);
    const std::string known = json + "Authorization: Bearer " + secret + "\r\n";
    CHECK(ask_proxied(fixture, "POST /approvals/api/requests/" + asked.id + "/approve", known, "{}").status == 200);
    CHECK(fixture.status_of(asked) == ApprovalStatus::approved);
}

TEST_CASE("H178 the base path without its slash leads to the page, and nowhere else whatever is asked along") {
    const WebFixture fixture(settings_under("/approvals"));
    const auto plain = ask_proxied(fixture, "GET /approvals", "");
    CHECK(plain.status == 308);
    CHECK(plain.headers.at("location") == "/approvals/");
    const auto forwarded = ask_proxied(fixture, "GET /approvals",
                                       "X-Forwarded-Host: evil.example\r\nX-Forwarded-Prefix: //evil.example\r\n");
    CHECK(forwarded.headers.at("location") == "/approvals/");
    for (const std::string start :
         {"GET //evil.example/approvals", "GET /approvals/%2F%2Fevil.example", "GET /approvals//evil.example",
          "GET /approvals?next=//evil.example", "GET /approvals\\evil.example", "POST /approvals"}) {
        CAPTURE(start);
        const auto answer = ask_proxied(fixture, start, std::string(json_type));
        CHECK(answer.status >= 400);
        CHECK_FALSE(answer.headers.contains("location"));
    }
}

TEST_CASE("H178 nothing is served beside the base path, with the token neither") {
    const WebFixture fixture(settings_under("/approvals"));
    for (const std::string path : {"/", "/main.js", "/api/requests", "/api/health", "/approvals2/api/requests"}) {
        CAPTURE(path);
        CHECK(fixture.get(path).status == 404);
        CHECK(fixture.get(path, "").status == 401);
    }
    CHECK(fixture.get("/approvals/api/requests").status == 200);
}

TEST_CASE("H178 two reviewers under two paths of one host have nothing of each other, and no cookies") {
    WebFixture one(settings_under("/a"));
    WebFixture other(settings_under("/a/b"));
    const std::string secret(64, 'c');
    const std::string json = own_origin + std::string(json_type);
    const std::string body = Json({{"link", key_of(one.server.make_link())}, {"secret", secret}}).dump();
    const auto opened = ask_proxied(one, "POST /a/api/session", json, body);
    CHECK(opened.status == 200);
    CHECK_FALSE(opened.headers.contains("set-cookie"));
    const std::string bearer = "Authorization: Bearer " + secret + "\r\n";
    CHECK(ask_proxied(one, "GET /a/api/session", bearer).status == 200);
    CHECK(ask_proxied(other, "GET /a/b/api/session", bearer).status == 401);
    CHECK(ask_proxied(other, "POST /a/b/api/session", json, body).status == 401);
    CHECK(ask_proxied(other, "GET /a/b/api/session", "Cookie: approvekit=" + secret + "\r\n").status == 401);
}

TEST_CASE("H178 a web reviewer refuses a bad base path or public origin before it listens") {
    const auto refused = [](const std::string& base_path, const std::string& origin) {
        WebReviewer::Options options;
        options.port = 0;
        options.base_path = base_path;
        options.public_origin = origin;
        CHECK_THROWS_AS(WebReviewer(Reviewer(std::make_shared<FailingStorage>(), "ada", "web"), options), Error);
    };
    refused("approvals", "");
    refused("/a/../b", "");
    refused("", "review.example.org");
    refused("/a", "https://review.example.org/a");
}

TEST_CASE("a web reviewer under a base path tells its address and public link") {
    WebReviewer::Options options;
    options.port = 0;
    options.base_path = "/approvals/";
    options.public_origin = "https://review.example.org";
    WebReviewer web(Reviewer(std::make_shared<FailingStorage>(), "ada", "web"), options);
    web.start();
    CHECK(web.address() == "http://127.0.0.1:" + std::to_string(web.port()) + "/approvals");
    CHECK_THAT(web.link(), Catch::Matchers::StartsWith("https://review.example.org/approvals/#sign-in="));
}
