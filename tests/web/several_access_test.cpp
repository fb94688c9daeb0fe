// H3 to H6 for each of several reviewers, whether a link or a proxy says who they are.
#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "web/proxied_reviewers.hpp"
#include "web/several_fixture.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;

namespace {

const std::string proxy_secret(40, 's');

/// A server that learns from a proxy who asks; with a file, only those who are listed there may.
struct ProxiedReviewersFixture {
    TeamFile team;
    WebFixture web;

    explicit ProxiedReviewersFixture(bool has_file = true) : web(settings_for(team, has_file)) {}

    static web::Settings settings_for(const TeamFile& team, bool has_file) {
        web::Settings settings = WebFixture::usual_settings();
        settings.token.clear();
        settings.user_header = "remote-user";
        settings.proxy_secret = proxy_secret;
        if (has_file) settings.reviewers_file = team.path;
        return settings;
    }

    /// What the proxy adds to the requests of that person's browser.
    [[nodiscard]] static std::string browser_of(const std::string& name) {
        return "Remote-User: " + name + "\r\nApproveKit-Proxy-Secret: " + proxy_secret + "\r\n";
    }
    [[nodiscard]] RawAnswer approve(const ApprovalRequest& request, const std::string& headers) const {
        return web.post("/api/requests/" + request.id + "/approve", headers, "{}");
    }
};

/// Tries what no page of another origin may do, with everything that the browser of a reviewer sends along.
void check_foreign_pages(const WebFixture& web, const std::string& browser) {
    const auto asked = web.storage->add("wire");
    const std::string path = "/api/requests/" + asked.id + "/approve";
    const std::string json(json_type);
    for (const std::string& sent :
         {"Origin: http://evil.example\r\n" + json, std::string("Origin: null\r\nContent-Type: text/plain\r\n"),
          "Origin: http://127.0.0.1:1\r\n" + json, "Origin: https://" + web.host() + "\r\n" + json,
          web.origin() + "Sec-Fetch-Site: cross-site\r\n" + json, web.origin() + "Sec-Fetch-Site: same-site\r\n" + json,
          "Sec-Fetch-Site: none\r\n" + json, "Sec-Fetch-Site: same-origin\r\n" + json, json}) {
        CAPTURE(sent);
        CHECK(web.post(path, browser + sent, "{}").status == 403);
    }
    for (const std::string type :
         {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
        CHECK(web.post(path, browser + web.origin() + "Content-Type: " + type + "\r\n", "{}").status == 415);
    CHECK(web.get("/api/requests", browser + "Origin: http://evil.example\r\n").status == 403);
    CHECK(web.get("/api/requests", browser + "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n").status ==
          403);
    CHECK(web.get("/api/events", browser + "Sec-Fetch-Site: same-site\r\n").status == 403);
    CHECK(web.status_of(asked) == ApprovalStatus::pending);
}

void check_foreign_hosts(const WebFixture& web, const std::string& browser) {
    const std::string port = std::to_string(web.server.port());
    for (const std::string& host : {"evil.example:" + port, std::string("127.0.0.1"), "127.0.0.1:" + port + "0",
                                    "LOCALHOST:" + port, std::string()}) {
        for (const std::string path : {"/", "/api/health", "/api/requests", "/api/sessions"}) {
            CAPTURE(host, path);
            CHECK(web.connect().ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + browser + "\r\n").status ==
                  421);
        }
    }
}

void check_no_frames(const WebFixture& web, const std::string& browser) {
    for (const std::string path : {"/", "/api/session"}) {
        const auto answer = web.get(path, browser);
        CHECK(answer.status == 200);
        CHECK(answer.headers.at("x-frame-options") == "DENY");
        CHECK(answer.headers.at("content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
    }
    const std::string framed = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n";
    CHECK(web.get("/", browser + framed).status == 403);
}

const std::vector<std::string> private_paths = {"/api/requests",     "/api/requests/0123456789",
                                                "/api/audit",        "/api/events",
                                                "/api/session",      "/api/sessions",
                                                "/api/grants",       "/api/stops",
                                                "/api/calls",        "/api/calls/1",
                                                "/api/stats",        "/api/calls/count",
                                                "/api/calls/export", "/api/unknown"};

void check_nothing_is_served(const WebFixture& web, const std::string& headers) {
    CAPTURE(headers);
    const auto asked = web.storage->add("wire");
    for (const std::string& path : private_paths)
        CHECK(web.get(path, headers).status == 401);
    CHECK(web.post("/api/requests/" + asked.id + "/approve", headers + web.origin() + std::string(json_type), "{}")
              .status == 401);
    CHECK(web.status_of(asked) == ApprovalStatus::pending);
    CHECK(web.get("/", headers).status == 200);
    CHECK(web.get("/api/health", headers).status == 200);
}

}  // namespace

TEST_CASE("H3 H4 H6 hold for each of three reviewers who signed in by links") {
    const SeveralFixture fixture;
    for (const std::string& name : three_names) {
        CAPTURE(name);
        const std::string browser = fixture.browser_of(name);
        check_foreign_pages(fixture.web, browser);
        check_foreign_hosts(fixture.web, browser);
        check_no_frames(fixture.web, browser);
        CHECK(name_of(fixture.web, browser) == name);
    }
}

TEST_CASE("H5 where several reviewers sign in by links there is no token, and without a session nothing is served") {
    const SeveralFixture fixture;
    const std::string ann = fixture.browser_of("ann");
    for (const std::string& headers :
         {std::string(), std::string("Authorization: Bearer \r\n"), std::string("Authorization: Bearer wrong\r\n"),
          std::string("Authorization: Bearer ann\r\n"), "Cookie: " + ann, "X-" + ann,
          "Authorization: Bearer " + fixture.team.keys.at("bob") + "\r\n",
          "Authorization: Basic " + fixture.team.keys.at("bob") + "\r\n"})
        check_nothing_is_served(fixture.web, headers);
}

TEST_CASE("H3 H4 H6 H194 hold for each of three reviewers whom a proxy names, though it does so for every page") {
    for (const bool has_file : {true, false}) {
        const ProxiedReviewersFixture fixture(has_file);
        for (const std::string& name : three_names) {
            CAPTURE(name, has_file);
            const std::string browser = ProxiedReviewersFixture::browser_of(name);
            check_foreign_pages(fixture.web, browser);
            check_foreign_hosts(fixture.web, browser);
            check_no_frames(fixture.web, browser);
            const auto asked = fixture.web.storage->add("wire");
            CHECK(fixture.approve(asked, browser + fixture.web.origin() + std::string(json_type)).status == 200);
            CHECK(fixture.web.storage->find(asked.id)->reviewer == name);
        }
    }
}

TEST_CASE("H5 H194 what comes from anybody else than the proxy is nobody's, whatever name it says") {
    const ProxiedReviewersFixture fixture;
    const std::string user = "Remote-User: ann\r\n";
    const std::string secret = "ApproveKit-Proxy-Secret: ";
    for (const std::string& headers :
         {std::string(), user, user + secret + "\r\n", user + secret + "wrong\r\n",
          user + secret + proxy_secret + "s\r\n", user + secret + proxy_secret.substr(1) + "\r\n",
          user + "Authorization: Bearer " + proxy_secret + "\r\n", user + "Cookie: " + secret + proxy_secret + "\r\n",
          user + "X-" + secret + proxy_secret + "\r\n", secret + proxy_secret + "\r\n",
          "Remote-User: \r\n" + secret + proxy_secret + "\r\n",
          "Remote_User: ann\r\n" + secret + proxy_secret + "\r\n"})
        check_nothing_is_served(fixture.web, headers);
    CHECK(fixture.web.sign_in(fixture.team.keys.at("ann"), std::string(64, 'a')).status == 401);
    CHECK(fixture.web.get("/api/session", "Authorization: Bearer " + std::string(64, 'a') + "\r\n").status == 401);
}

TEST_CASE("H194 a header of the proxy that comes twice is refused, also where both say the same") {
    const ProxiedReviewersFixture fixture(false);
    const std::string browser = ProxiedReviewersFixture::browser_of("ann");
    for (const std::string& more :
         {std::string("Remote-User: ann\r\n"), std::string("remote-user: bob\r\n"), std::string("REMOTE-USER:\r\n"),
          "ApproveKit-Proxy-Secret: " + proxy_secret + "\r\n", std::string("approvekit-proxy-secret: x\r\n")}) {
        CAPTURE(more);
        CHECK(fixture.web.get("/api/session", browser + more).status == 400);
        CHECK(fixture.web.get("/api/session", more + browser).status == 400);
    }
    CHECK(name_of(fixture.web, browser) == "ann");
}

TEST_CASE("H194 a name that no reviewer may have is refused, though the proxy sends it") {
    const ProxiedReviewersFixture fixture(false);
    for (const std::string& name :
         {std::string("policy"), std::string("POLICY"), std::string("ann, bob"), std::string("ann,bob"),
          std::string("Zoe\u0308"), std::string("a\u200bnn"), std::string("a\u202enn"), std::string("a\tnn"),
          std::string("a\xffnn"), std::string(129, 'a')}) {
        CAPTURE(name);
        const auto answer = fixture.web.get("/api/session", ProxiedReviewersFixture::browser_of(name));
        CHECK(answer.status == 403);
        CHECK(code_of(answer) == "unknown_reviewer");
    }
    CHECK(name_of(fixture.web, ProxiedReviewersFixture::browser_of("Zoë")) == "Zoë");
}

TEST_CASE("H185 H186 H194 a proxy's word counts for those who are listed, as they are, as long as they are") {
    ProxiedReviewersFixture fixture;
    for (const std::string name : {"dan", "Ann", "ANN", "ann."})
        CHECK(fixture.web.get("/api/session", ProxiedReviewersFixture::browser_of(name)).status == 403);
    const std::string bob = ProxiedReviewersFixture::browser_of("bob");
    RawClient stream = fixture.web.connect();
    REQUIRE(stream.ask(fixture.web.get_text("/api/events", bob)).status == 200);
    REQUIRE(stream.read_until("\n\n").find("event: hello") != std::string::npos);
    fixture.team.file.remove("bob");
    const auto asked = fixture.web.storage->add("wire");
    const std::string told = stream.read_until("\r\n0\r\n\r\n");
    CHECK(told.ends_with("\r\n0\r\n\r\n"));
    CHECK(told.find(asked.id) == std::string::npos);
    CHECK(fixture.web.get("/api/session", bob).status == 403);
    std::filesystem::remove(fixture.team.path);
    CHECK(fixture.web.get("/api/session", ProxiedReviewersFixture::browser_of("ann")).status == 503);
}

TEST_CASE("only the page of a server behind a proxy that signs people in sends what that knows its browser by") {
    const ProxiedReviewersFixture proxied;
    CHECK(proxied.web.get("/", "").body.find("<body data-proxied data-connection") != std::string::npos);
    CHECK(proxied.web.get("/main.js", "").body.find("data-proxied") == std::string::npos);
    CHECK(SeveralFixture().web.get("/", "").body.find("data-proxied") == std::string::npos);
    CHECK(WebFixture().get("/", "").body.find("data-proxied") == std::string::npos);
}

TEST_CASE("a stream of somebody whom a proxy names ends after some minutes, so that the proxy is asked again") {
    ManualClock clock;
    web::ProxiedReviewers proxied({"remote-user", proxy_secret}, clock);
    web::RequestHead head;
    head.headers = {{"remote-user", "ann"}, {std::string(web::proxy_secret_header), proxy_secret}};
    const auto identified = proxied.identify(head);
    REQUIRE(std::holds_alternative<web::Caller>(identified));
    const auto& caller = std::get<web::Caller>(identified);
    CHECK(proxied.still_knows(caller));
    clock.advance(web::ProxiedReviewers::longest_stream);
    CHECK_FALSE(proxied.still_knows(caller));
}

TEST_CASE("a proxy names reviewers in a header that says nothing else, and has a secret that nobody guesses") {
    CHECK(web::read_user_header("X-Forwarded-User") == "x-forwarded-user");
    for (const std::string name : {"", "Host", "authorization", "Cookie", "Origin", "Sec-Fetch-Site", "Content-Type",
                                   "Remote User", "Remote:User", "approvekit-proxy-secret", "Forwarded", "Nützer"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(web::read_user_header(name), Error);
    }
    CHECK_NOTHROW(web::check_proxy_secret(proxy_secret));
    for (const std::string& secret : {std::string(), std::string(31, 's'), std::string(257, 's'), std::string(40, ' '),
                                      std::string(39, 's') + "\n", std::string(39, 's') + "\xff"})
        CHECK_THROWS_AS(web::check_proxy_secret(secret), Error);
}

TEST_CASE("H185 of several decisions those after the removal of their reviewer are not tried") {
    struct RemovedByFirst final : ChangeListener {
        explicit RemovedByFirst(ReviewersFile& listed) : file(listed) {}
        void on_change(const Change& change) noexcept override {
            if (change.status == ApprovalStatus::approved && ++decided == 1) file.remove("bob");
        }
        void on_watch_failed(const std::string& /*reason*/) noexcept override {}
        ReviewersFile& file;
        int decided = 0;
    };
    SeveralFixture fixture;
    const std::string bob = fixture.browser_of("bob");
    Json requests = Json::array();
    std::vector<ApprovalRequest> asked;
    for (const std::string tool : {"first", "second", "third"}) {
        asked.push_back(fixture.web.storage->add(tool));
        requests.push_back(Json::object({{"id", asked.back().id}}));
    }
    const auto subscription = fixture.web.storage->subscribe(std::make_shared<RemovedByFirst>(fixture.team.file));
    const auto answer = fixture.web.post("/api/decisions", bob + fixture.web.origin() + std::string(json_type),
                                         Json({{"verdict", "approve"}, {"requests", requests}}).dump());
    REQUIRE(answer.status == 200);
    const Json results = Json::parse(answer.body).at("results");
    CHECK(results[0].at("status") == "approved");
    for (const std::size_t later : {1U, 2U}) {
        CHECK(results[later].at("code") == "not_entitled");
        CHECK(results[later].at("error").get<std::string>().starts_with("not tried: "));
        CHECK(fixture.web.status_of(asked[later]) == ApprovalStatus::pending);
    }
}
