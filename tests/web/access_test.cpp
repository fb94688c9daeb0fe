#include "support/catch.hpp"
#include "support/web_office.hpp"

#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

std::string approve(const ApprovalRequest& request) {
    return "/api/requests/" + request.id + "/approve";
}

const std::vector<std::string> secret_paths = {
    "/api/requests", "/api/requests/0123456789", "/api/audit", "/api/events", "/api/session", "/api/unknown"};

}  // namespace

TEST_CASE("G10 a browser exchanges the token for a session and decides with it") {
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    const Browser browser = office.open_browser();

    const auto listed = office.get("/api/requests", browser.cookie + "Sec-Fetch-Site: same-origin\r\n");
    const auto decided = office.post(
        approve(asked),
        browser.cookie + browser.csrf + office.origin() + "Sec-Fetch-Site: same-origin\r\n" + std::string(json_type),
        R"({"notes":"fine"})");

    CHECK(listed.status == 200);
    CHECK(decided.status == 200);
    CHECK(office.status_of(asked) == ApprovalStatus::approved);
    CHECK(office.storage->find(asked.id)->reviewer == "ada");
    CHECK(office.storage->find(asked.id)->way == "web");
}

TEST_CASE("G10 the session cookie is kept from scripts and from other sites, and a reload finds its session again") {
    const WebOffice office;
    const auto answer = office.post("/api/session", json_type, Json({{"token", office.settings.token}}).dump());
    const std::string cookie = answer.headers.at("set-cookie");

    CHECK(cookie.starts_with("approvekit_" + std::to_string(office.server.port()) + "="));
    CHECK(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"));
    const auto again = office.get("/api/session", "Cookie: other=1; " + cookie.substr(0, cookie.find(';')) + "\r\n");
    CHECK(Json::parse(again.body).at("csrf") == Json::parse(answer.body).at("csrf"));
    CHECK(Json::parse(again.body).at("reviewer") == "ada");
}

TEST_CASE("G10 every answer forbids the browser everything but our own page") {
    const WebOffice office;
    for (const auto& answer : {office.get("/", ""), office.get("/api/health", ""), office.get("/api/requests", ""),
                               office.get("/nothing"), office.connect().ask("nonsense\r\n\r\n")}) {
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
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    const Browser browser = office.open_browser();
    const std::string keys = browser.cookie + browser.csrf;
    const std::string json(json_type);
    const std::vector<std::string> headers = {
        "Origin: http://evil.example\r\nContent-Type: text/plain\r\n",
        "Origin: http://evil.example\r\n" + json + keys,
        "Origin: null\r\nContent-Type: application/x-www-form-urlencoded\r\n" + browser.cookie,
        "Origin: http://127.0.0.1:1\r\n" + json + keys,
        "Origin: https://" + office.host() + "\r\n" + json + keys,
        office.origin() + "Sec-Fetch-Site: cross-site\r\n" + json + keys,
        office.origin() + "Sec-Fetch-Site: same-site\r\n" + json + keys,
        "Sec-Fetch-Site: none\r\n" + json + keys,
        json + keys,
        office.origin() + json + browser.cookie,
        office.origin() + json + browser.cookie + "X-ApproveKit-Token: guessed\r\n",
        "Origin: http://evil.example\r\n" + json + office.bearer(),
    };
    for (const std::string& sent : headers) {
        CAPTURE(sent);
        CHECK(office.post(approve(asked), sent, "{}").status == 403);
    }
    CHECK(office.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H3 what a form can send is no decision even from our own origin") {
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    const Browser browser = office.open_browser();
    for (const std::string type : {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                   "application/json-seq", ""}) {
        const auto answer = office.post(
            approve(asked),
            browser.cookie + browser.csrf + office.origin() + (type.empty() ? "" : "Content-Type: " + type + "\r\n"),
            "{}");
        CHECK(answer.status == 415);
    }
    CHECK(office.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H3 another origin cannot read: neither by script nor by embedding") {
    const WebOffice office;
    const Browser browser = office.open_browser();
    CHECK(office.get("/api/requests", browser.cookie + "Origin: http://evil.example\r\n").status == 403);
    CHECK(office.get("/api/events", browser.cookie + "Sec-Fetch-Site: same-site\r\n").status == 403);
    CHECK(office.get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n")
              .status == 403);
    CHECK(office.get("/main.js", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n").status == 403);
}

TEST_CASE("a person may follow a link to the page from anywhere") {
    const WebOffice office;
    const std::string navigation = "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
    CHECK(office.get("/", "Sec-Fetch-Site: none\r\n" + navigation).status == 200);
    CHECK(office.get("/", "Sec-Fetch-Site: cross-site\r\n" + navigation).status == 200);
    CHECK(office.get("/api/session", "Sec-Fetch-Site: cross-site\r\n" + navigation).status == 403);
}

TEST_CASE("H4 no other host name is answered, not for reads, files or health either") {
    const WebOffice office;
    const std::string port = std::to_string(office.server.port());
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
            const auto answer =
                office.connect().ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + office.bearer() + "\r\n");
            CHECK(answer.status == 421);
        }
    }
    CHECK(office.connect().ask("GET /api/health HTTP/1.1\r\n\r\n").status == 421);
    CHECK(
        office.connect().ask("GET /api/health HTTP/1.1\r\nHost: " + office.host() + "\r\nHost: evil\r\n\r\n").status ==
        400);
}

TEST_CASE("H5 without the token, or with a wrong one, nothing but the page and its health is served") {
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    const std::vector<std::string> bad = {"",
                                          "Authorization: Bearer wrong\r\n",
                                          "Authorization: Bearer \r\n",
                                          "Authorization: Basic " + office.settings.token + "\r\n",
                                          "Authorization: Bearer " + office.settings.token + "x\r\n",
                                          "Cookie: approvekit_" + std::to_string(office.server.port()) + "=\r\n",
                                          "Cookie: approvekit_" + std::to_string(office.server.port()) + "=guess\r\n"};
    for (const std::string& keys : bad) {
        CAPTURE(keys);
        for (const std::string& path : secret_paths)
            CHECK(office.get(path, keys).status == 401);
        CHECK(office.post(approve(asked), keys + office.origin() + std::string(json_type), "{}").status == 401);
        CHECK(office.get("/api/health", keys).status == 200);
        CHECK(office.get("/", keys).status == 200);
    }
    CHECK(office.post("/api/session", json_type, R"({"token":"wrong"})").status == 401);
    CHECK(office.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H5 a wrong token is not made good by a session") {
    const WebOffice office;
    CHECK(office.get("/api/requests", office.open_browser().cookie + "Authorization: Bearer wrong\r\n").status == 401);
}

TEST_CASE("H11 what a header claims about the client reaches neither the decision nor the audit") {
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    const auto answer = office.post(approve(asked),
                                    office.bearer() + std::string(json_type) +
                                        "REMOTE_ADDR: 6.6.6.6\r\nREMOTE_PORT: 666\r\nX-Forwarded-For: 6.6.6.6\r\n"
                                        "Forwarded: for=6.6.6.6\r\nCsrf: 6.6.6.6\r\nX-Reviewer: 6.6.6.6%0d%0aeve\r\n",
                                    "{}");

    CHECK(answer.status == 200);
    CHECK(answer.body.find("6.6.6.6") == std::string::npos);
    CHECK(office.storage->find(asked.id)->reviewer == "ada");
    for (const AuditEntry& entry : office.storage->audit({}).entries) {
        CHECK(to_json_view(entry).dump().find("6.6.6.6") == std::string::npos);
    }
}

TEST_CASE("H11 a percent-encoded line end in a header ends no line and is not taken for what it encodes") {
    const WebOffice office;
    const auto broken = office.get("/api/requests", "Authorization: Bearer " + office.settings.token + "%0d%0a\r\n");
    const auto smuggled =
        office.get("/api/requests", "X-Note: a%0d%0aAuthorization: Bearer " + office.settings.token + "\r\n");

    CHECK(broken.status == 401);
    CHECK(smuggled.status == 401);
    CHECK(smuggled.body.find(office.settings.token) == std::string::npos);
}

TEST_CASE("H13 a decision route takes nothing but POST") {
    const WebOffice office;
    const auto asked = office.storage->add("wire");
    for (const std::string method : {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"}) {
        CAPTURE(method);
        RawClient client = office.connect();
        client.send(method + " " + approve(asked) + " HTTP/1.1\r\nHost: " + office.host() + "\r\n" + office.bearer() +
                    std::string(json_type) + "Content-Length: 0\r\n\r\n");
        const std::string answer = client.read_to_end();
        CHECK(answer.starts_with("HTTP/1.1 405 "));
        CHECK(answer.find("\r\nAllow: POST\r\n") != std::string::npos);
    }
    CHECK(office.status_of(asked) == ApprovalStatus::pending);
}
