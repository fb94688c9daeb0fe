#include "support/catch.hpp"
#include "support/web_fixture.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

std::string approve(const ApprovalRequest& request) {
    return "/api/requests/" + request.id + "/approve";
}

const std::vector<std::string> secret_paths = {
    "/api/requests", "/api/requests/0123456789", "/api/audit",        "/api/events", "/api/session", "/api/calls",
    "/api/calls/1",  "/api/calls/count",         "/api/calls/export", "/api/stats",  "/api/unknown"};

}  // namespace

TEST_CASE("G10 a browser signs in by a link and decides with the secret that it made") {
    WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string browser = fixture.open_browser();

    const auto listed = fixture.get("/api/requests", browser + "Sec-Fetch-Site: same-origin\r\n");
    const auto decided = fixture.post(
        approve(asked), browser + fixture.origin() + "Sec-Fetch-Site: same-origin\r\n" + std::string(json_type),
        R"({"notes":"fine"})");

    CHECK(listed.status == 200);
    CHECK(decided.status == 200);
    CHECK(fixture.status_of(asked) == ApprovalStatus::approved);
    CHECK(fixture.storage->find(asked.id)->reviewer == "ada");
    CHECK(fixture.storage->find(asked.id)->way == "web");
}

TEST_CASE("H56 no answer sets a cookie, and the secrets that open the server open nothing as cookies") {
    WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string secret(64, 'a');
    const auto opened = fixture.sign_in(fixture.server.make_link(), secret);
    REQUIRE(opened.status == 200);
    for (const auto& answer :
         {opened, fixture.get("/", ""), fixture.get("/api/session"), fixture.get("/api/session", "")})
        CHECK_FALSE(answer.headers.contains("set-cookie"));

    for (const std::string& known : {secret, fixture.settings.token}) {
        const std::string name = "approvekit_" + std::to_string(fixture.server.port());
        const std::string cookie = "Cookie: " + name + "=" + known + "; Authorization=Bearer " + known + "\r\n";
        for (const std::string& path : secret_paths)
            CHECK(fixture.get(path, cookie).status == 401);
        const std::string sent = cookie + fixture.origin() + "X-ApproveKit-Token: " + known + "\r\n";
        CHECK(fixture.post(approve(asked), sent + std::string(json_type), "{}").status == 401);
    }
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H57 cookies of any number and size change nothing, up to what a browser keeps") {
    WebFixture fixture;
    const std::string browser = fixture.open_browser();
    std::string evil = "approvekit_" + std::to_string(fixture.server.port()) + "=evil";
    for (int number = 0; number < 180; ++number)
        evil += "; c" + std::to_string(number) + "=" + std::string(4080, 'x');

    for (const std::string name : {"Cookie", "cookie", "COOKIE"}) {
        CHECK(fixture.get("/", name + ": " + evil + "\r\n").status == 200);
        CHECK(fixture.get("/api/requests", browser + name + ": " + evil + "\r\n").status == 200);
        CHECK(fixture.get("/api/requests", name + ": " + evil + "\r\n" + browser).status == 200);
    }
    CHECK(fixture.get("/api/requests", "Cookie: a\r\nCookie: b\r\n" + browser).status == 200);
}

TEST_CASE("H57 what a cookie says spoils no request after it, and what no header may hold is refused there too") {
    WebFixture fixture;
    RawClient client = fixture.connect();
    const std::string cookie = "Cookie: " + std::string(20'000, 'x') + "\r\n";
    client.send(fixture.get_text("/api/health", cookie) + fixture.get_text("/api/requests", cookie + fixture.bearer()));
    CHECK(client.read_answer().body == R"({"ok":true})");
    CHECK(client.read_answer().status == 200);
    for (const std::string& bad : {std::string("a\rHost: evil"), std::string("a\nHost: evil"), std::string("a\0b", 3),
                                   std::string("a\r\n folded")}) {
        CAPTURE(bad);
        CHECK(fixture.get("/", "Cookie: " + bad + "\r\n").status == 400);
    }
    for (const std::string bad : {"Cookie", "Cookie\x1A x", "Cookie : x", " Cookie: x"}) {
        CAPTURE(bad);
        CHECK(fixture.get("/", bad + "\r\n").status == 400);
    }
    CHECK(fixture.get("/", "Cookies: " + std::string(20'000, 'x') + "\r\n").status == 431);
    CHECK(fixture.get("/", "Cookie: " + std::string(1'100'000, 'x') + "\r\n").status == 431);
}

TEST_CASE("H59 a link signs in one browser, which may ask again, and no other one") {
    WebFixture fixture;
    const std::string link = fixture.server.make_link();
    const std::string first(64, 'a');
    const std::string second(64, 'b');

    CHECK(link.starts_with("http://" + fixture.host() + "/#sign-in="));
    CHECK(fixture.sign_in(link, first).status == 200);
    CHECK(fixture.sign_in(link, first).status == 200);
    const auto refused = fixture.sign_in(link, second);
    CHECK(refused.status == 401);
    CHECK(code_of(refused) == "link_used");
    CHECK(fixture.get("/api/session", "Authorization: Bearer " + first + "\r\n").status == 200);
    CHECK(fixture.get("/api/session", "Authorization: Bearer " + second + "\r\n").status == 401);
    CHECK(fixture.get("/api/session", "Authorization: Bearer " + key_of(link) + "\r\n").status == 401);
}

TEST_CASE("H59 who has the token makes a link for a browser, who has a session does not") {
    WebFixture fixture;
    const auto made = fixture.post("/api/link", "");
    REQUIRE(made.status == 200);
    CHECK(fixture.sign_in(Json::parse(made.body).at("link"), std::string(64, 'a')).status == 200);

    const std::string session = fixture.open_browser() + fixture.origin() + std::string(json_type);
    CHECK(code_of(fixture.post("/api/link", session, "{}")) == "token_only");
    CHECK(fixture.post("/api/link", json_type, "{}").status == 401);
    CHECK(fixture.get("/api/link").status == 405);
}

TEST_CASE("G10 every answer forbids the browser everything but our own page") {
    const WebFixture fixture;
    for (const auto& answer : {fixture.get("/", ""), fixture.get("/api/health", ""), fixture.get("/api/requests", ""),
                               fixture.get("/nothing"), fixture.connect().ask("nonsense\r\n\r\n")}) {
        CAPTURE(answer.status);
        CHECK(answer.headers.at("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
        CHECK(answer.headers.at("x-content-type-options") == "nosniff");
        CHECK(answer.headers.at("cache-control") == "no-store");
        CHECK(answer.headers.at("x-frame-options") == "DENY");
        CHECK(answer.headers.at("referrer-policy") == "no-referrer");
        CHECK(answer.headers.at("cross-origin-resource-policy") == "same-origin");
    }
}

TEST_CASE("H3 a page of another origin cannot decide, whatever it sends along") {
    WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string keys = fixture.open_browser();
    const std::string json(json_type);
    const std::vector<std::string> headers = {
        "Origin: http://evil.example\r\nContent-Type: text/plain\r\n",
        "Origin: http://evil.example\r\n" + json + keys,
        "Origin: null\r\nContent-Type: application/x-www-form-urlencoded\r\n" + keys,
        "Origin: http://127.0.0.1:1\r\n" + json + keys,
        "Origin: https://" + fixture.host() + "\r\n" + json + keys,
        fixture.origin() + "Sec-Fetch-Site: cross-site\r\n" + json + keys,
        fixture.origin() + "Sec-Fetch-Site: same-site\r\n" + json + keys,
        "Sec-Fetch-Site: none\r\n" + json + keys,
        json + keys,
        "Origin: http://evil.example\r\n" + json + fixture.bearer(),
    };
    for (const std::string& sent : headers) {
        CAPTURE(sent);
        CHECK(fixture.post(approve(asked), sent, "{}").status == 403);
    }
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H3 what a form can send is not a decision even from our own origin") {
    WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string browser = fixture.open_browser();
    for (const std::string type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                   "application/json-seq", ""}) {
        const auto answer = fixture.post(
            approve(asked), browser + fixture.origin() + (type.empty() ? "" : "Content-Type: " + type + "\r\n"), "{}");
        CHECK(answer.status == 415);
    }
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H3 another origin cannot read: neither by script nor by embedding") {
    WebFixture fixture;
    const std::string browser = fixture.open_browser();
    CHECK(fixture.get("/api/requests", browser + "Origin: http://evil.example\r\n").status == 403);
    CHECK(fixture.get("/api/events", browser + "Sec-Fetch-Site: same-site\r\n").status == 403);
    CHECK(fixture.get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n")
              .status == 403);
    CHECK(fixture.get("/main.js", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n").status == 403);
}

TEST_CASE("a person may follow a link to the page from anywhere") {
    const WebFixture fixture;
    const std::string navigation = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    CHECK(fixture.get("/", "Sec-Fetch-Site: none\r\n" + navigation).status == 200);
    CHECK(fixture.get("/", "Sec-Fetch-Site: cross-site\r\n" + navigation).status == 200);
    CHECK(fixture.get("/api/session", "Sec-Fetch-Site: cross-site\r\n" + navigation).status == 403);
}

TEST_CASE("H4 no other host name is answered, not for reads, files or health either") {
    const WebFixture fixture;
    const std::string port = std::to_string(fixture.server.port());
    const std::vector<std::string> hosts = {"evil.example:" + port,
                                            "127.0.0.1",
                                            "127.0.0.1:1",
                                            "127.0.0.1.evil:" + port,
                                            "127.0.0.1:" + port + "0",
                                            "LOCALHOST:" + port,
                                            "127.0.0.1:" + port + "@evil",
                                            "127.0.0.1%3a" + port,
                                            "[::1]:" + port,
                                            ""};
    for (const std::string& host : hosts) {
        for (const std::string path : {"/", "/api/health", "/api/requests"}) {
            CAPTURE(host, path);
            const auto answer = fixture.connect().ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" +
                                                      fixture.bearer() + "\r\n");
            CHECK(answer.status == 421);
        }
    }
    CHECK(fixture.connect().ask("GET /api/health HTTP/1.1\r\n\r\n").status == 421);
    CHECK(fixture.connect()
              .ask("GET /api/health HTTP/1.1\r\nHost: " + fixture.host() + "\r\nHost: evil\r\n\r\n")
              .status == 400);
}

TEST_CASE("H5 without the token, or with a wrong one, nothing but the page and its health is served") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::vector<std::string> bad = {"",
                                          "Authorization: Bearer wrong\r\n",
                                          "Authorization: Bearer \r\n",
                                          "Authorization: Basic " + fixture.settings.token + "\r\n",
                                          "Authorization: Bearer " + fixture.settings.token + "x\r\n",
                                          "Cookie: approvekit_" + std::to_string(fixture.server.port()) + "=\r\n",
                                          "Cookie: approvekit_" + std::to_string(fixture.server.port()) + "=guess\r\n"};
    for (const std::string& keys : bad) {
        CAPTURE(keys);
        for (const std::string& path : secret_paths)
            CHECK(fixture.get(path, keys).status == 401);
        CHECK(fixture.post(approve(asked), keys + fixture.origin() + std::string(json_type), "{}").status == 401);
        CHECK(fixture.get("/api/health", keys).status == 200);
        CHECK(fixture.get("/", keys).status == 200);
    }
    CHECK(fixture.sign_in("=wrong", std::string(64, 'a')).status == 401);
    CHECK(fixture.sign_in("=" + fixture.settings.token, std::string(64, 'a')).status == 401);
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H5 two Authorization headers, of which one is right, are refused") {
    WebFixture fixture;
    CHECK(fixture.get("/api/requests", fixture.open_browser() + "Authorization: Bearer wrong\r\n").status == 400);
}

TEST_CASE("H11 what a header claims about the client reaches neither the decision nor the audit") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const auto answer = fixture.post(approve(asked),
                                     fixture.bearer() + std::string(json_type) +
                                         "REMOTE_ADDR: 6.6.6.6\r\nREMOTE_PORT: 666\r\nX-Forwarded-For: 6.6.6.6\r\n"
                                         "Forwarded: for=6.6.6.6\r\nX-Reviewer: 6.6.6.6%0d%0aeve\r\n",
                                     "{}");

    CHECK(answer.status == 200);
    CHECK(answer.body.find("6.6.6.6") == std::string::npos);
    CHECK(fixture.storage->find(asked.id)->reviewer == "ada");
    for (const AuditEntry& entry : fixture.storage->audit({}).entries) {
        CHECK(to_json_view(entry).dump().find("6.6.6.6") == std::string::npos);
    }
}

TEST_CASE("H11 a percent-encoded line end in a header ends no line and is not taken for what it encodes") {
    const WebFixture fixture;
    const auto broken = fixture.get("/api/requests", "Authorization: Bearer " + fixture.settings.token + "%0d%0a\r\n");
    const auto smuggled =
        fixture.get("/api/requests", "X-Note: a%0d%0aAuthorization: Bearer " + fixture.settings.token + "\r\n");

    CHECK(broken.status == 401);
    CHECK(smuggled.status == 401);
    CHECK(smuggled.body.find(fixture.settings.token) == std::string::npos);
}

TEST_CASE("H13 a decision route takes nothing but POST") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    for (const std::string method : {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"}) {
        CAPTURE(method);
        RawClient client = fixture.connect();
        client.send(method + " " + approve(asked) + " HTTP/1.1\r\nHost: " + fixture.host() + "\r\n" + fixture.bearer() +
                    std::string(json_type) + "Content-Length: 0\r\n\r\n");
        const std::string answer = client.read_to_end();
        CHECK(answer.starts_with("HTTP/1.1 405 "));
        CHECK(answer.find("\r\nAllow: POST\r\n") != std::string::npos);
    }
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}
