#include "web/authorization.hpp"

#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "web/identification.hpp"

#include <string>
#include <string_view>
#include <variant>

using namespace approvekit;
using namespace approvekit::web;

namespace {

/// An authorization, a session, and a request that is admitted until a test spoils something.
struct AuthorizationFixture {
    testing::ManualClock clock;
    OneReviewer identification{{"ada", "the-token-of-the-server", "http://127.0.0.1:8765"}, clock};
    Hosts hosts{"127.0.0.1", 8765, {"review.example"}};
    RequestHead head;

    AuthorizationFixture() {
        const std::string link = identification.make_link();
        const auto signed_in = identification.sign_in(link.substr(link.find('=') + 1), "the-secret-of-a-browser");
        REQUIRE(std::holds_alternative<Caller>(signed_in));
        head.method = "POST";
        head.path = "/api/requests/12345678/approve";
        head.headers = {{"host", "127.0.0.1:8765"},        {"origin", "http://127.0.0.1:8765"},
                        {"sec-fetch-site", "same-origin"}, {"content-type", "application/json"},
                        {"content-length", "2"},           {"authorization", "Bearer the-secret-of-a-browser"}};
    }

    /// The status that refuses the request, or 200.
    [[nodiscard]] int ask(std::string_view base_path = {}) {
        const auto answer = Authorization(hosts, identification).check(head, find_route(head.path, base_path));
        const auto* const refusal = std::get_if<Answer>(&answer);
        return refusal != nullptr ? refusal->status : 200;
    }

    [[nodiscard]] int ask_with(const std::string& name, const std::string& value) {
        head.headers[name] = value;
        return ask();
    }

    [[nodiscard]] int ask_without(const std::string& name) {
        head.headers.erase(name);
        return ask();
    }

    /// Turns the browser into a client that sends the token itself.
    void carry_token() {
        for (const auto* name : {"origin", "sec-fetch-site"})
            head.headers.erase(name);
        head.headers["authorization"] = "Bearer the-token-of-the-server";
    }
};

}  // namespace

TEST_CASE("G10 authorization admits the page's own request") {
    CHECK(AuthorizationFixture().ask() == 200);
}

TEST_CASE("G10 whatever single thing is missing from the page's request, it is refused") {
    for (const std::string name : {"host", "origin", "content-type", "content-length", "authorization"}) {
        CAPTURE(name);
        AuthorizationFixture fixture;
        CHECK(fixture.ask_without(name) >= 400);
    }
}

TEST_CASE("G10 a client that sends the token needs JSON, but neither session nor Origin") {
    AuthorizationFixture fixture;
    fixture.carry_token();
    CHECK(fixture.ask() == 200);
    CHECK(fixture.ask_with("origin", "http://evil.example") == 403);
    CHECK(fixture.ask_with("origin", "http://127.0.0.1:8765") == 200);
    CHECK(fixture.ask_with("content-type", "text/plain") == 415);
}

TEST_CASE("H3 the Origin has to fit the very Host that was asked for") {
    AuthorizationFixture fixture;
    CHECK(fixture.ask_with("origin", "http://localhost:8765") == 403);
    CHECK(fixture.ask_with("host", "localhost:8765") == 200);
    fixture.head.headers["host"] = "review.example:8765";
    CHECK(fixture.ask_with("origin", "http://review.example:8765") == 200);
    CHECK(fixture.ask_with("origin", "https://review.example:8765") == 200);
    CHECK(fixture.ask_with("origin", "https://review.example") == 403);
}

TEST_CASE("H5 a session of another server start is refused") {
    AuthorizationFixture fixture;
    CHECK(fixture.ask_with("authorization", "Bearer the-secret-of-another-start") == 401);
    CHECK(fixture.ask_with("authorization", "Bearer ") == 401);
    CHECK(fixture.ask_with("authorization", "the-secret-of-a-browser") == 401);
}

TEST_CASE("H10 a body is let in only with its length, plain and small enough") {
    AuthorizationFixture fixture;
    CHECK(fixture.ask_with("content-length", std::to_string(maximum_body_bytes)) == 200);
    CHECK(fixture.ask_with("content-length", std::to_string(maximum_body_bytes + 1)) == 413);
    CHECK(fixture.ask_with("content-length", "0") == 200);
    CHECK(fixture.ask_with("content-encoding", "gzip") == 415);
    CHECK(fixture.ask_with("transfer-encoding", "identity") == 411);
}

TEST_CASE("JSON is JSON with or without parameters") {
    AuthorizationFixture fixture;
    CHECK(fixture.ask_with("content-type", "application/json; charset=utf-8") == 200);
    CHECK(fixture.ask_with("content-type", "application/json ;x=y") == 200);
    CHECK(fixture.ask_with("content-type", "application/jsonp") == 415);
    CHECK(fixture.ask_with("content-type", "text/plain; application/json") == 415);
}

TEST_CASE("H59 whoever has the token may make links, and no browser") {
    AuthorizationFixture fixture;
    fixture.head.path = "/api/link";
    CHECK(fixture.ask() == 403);
    fixture.carry_token();
    CHECK(fixture.ask() == 200);
    CHECK(fixture.ask_without("authorization") == 401);
}

TEST_CASE("the token comes before the question whether there is anything at an address") {
    AuthorizationFixture fixture;
    fixture.carry_token();
    fixture.head.path = "/api/nothing";
    CHECK(fixture.ask() == 404);
    CHECK(fixture.ask_without("authorization") == 401);
}

namespace {

/// Behind a proxy, under a base path.
struct ProxiedFixture : AuthorizationFixture {
    ProxiedFixture() {
        hosts = Hosts("127.0.0.1", 8765, {}, "https://review.example.org");
        head.path = "/approvals" + head.path;
        head.headers["host"] = "review.example.org";
        head.headers["origin"] = "https://review.example.org";
    }

    [[nodiscard]] int ask_proxied() { return ask("/approvals"); }

    [[nodiscard]] int ask_as(const std::string& host, const std::string& origin) {
        head.headers["host"] = host;
        head.headers["origin"] = origin;
        return ask_proxied();
    }
};

}  // namespace

TEST_CASE("G10 behind a proxy the public origin is served, and nothing that resembles it") {
    ProxiedFixture fixture;
    CHECK(fixture.ask_proxied() == 200);
    CHECK(fixture.ask_as("127.0.0.1:8765", "http://127.0.0.1:8765") == 200);
    CHECK(fixture.ask_as("review.example.org", "http://review.example.org") == 403);
    CHECK(fixture.ask_as("review.example.org", "http://127.0.0.1:8765") == 403);
    CHECK(fixture.ask_as("review.example.org", "null") == 403);
    CHECK(fixture.ask_as("127.0.0.1:8765", "https://review.example.org") == 403);
    for (const std::string host : {"review.example.org:443", "review.example.org:8765", "review.example.org.",
                                   "evil.example", "REVIEW.example.org", "review.example.org:80", ""}) {
        CAPTURE(host);
        CHECK(fixture.ask_as(host, "https://" + host) == 421);
    }
}

TEST_CASE("G10 what a proxy says of the client or the host counts for nothing") {
    ProxiedFixture fixture;
    fixture.head.headers["x-forwarded-host"] = "review.example.org";
    fixture.head.headers["forwarded"] = "host=review.example.org;proto=https";
    CHECK(fixture.ask_as("127.0.0.1:1", "https://review.example.org") == 421);
    fixture.head.headers["x-forwarded-proto"] = "http";
    CHECK(fixture.ask_as("review.example.org", "http://review.example.org") == 403);
}

TEST_CASE(
    "G10 a link from another site opens the page under its base path, with or without the slash, and nothing else") {
    ProxiedFixture fixture;
    fixture.head.method = "GET";
    fixture.head.headers = {{"host", "review.example.org"},
                            {"sec-fetch-site", "cross-site"},
                            {"sec-fetch-mode", "navigate"},
                            {"sec-fetch-dest", "document"}};
    for (const std::string path : {"/approvals", "/approvals/"}) {
        fixture.head.path = path;
        CHECK(fixture.ask_proxied() == 200);
    }
    for (const std::string path : {"/", "/approvals/main.js", "/approvals/api/requests", "/approvals/index.html"}) {
        CAPTURE(path);
        fixture.head.path = path;
        CHECK(fixture.ask_proxied() == 403);
    }
}
