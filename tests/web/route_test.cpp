#include "web/route.hpp"

#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;
using Kind = Route::Kind;

TEST_CASE("each address of the API has its route and its methods") {
    CHECK(find_route("/").kind == Kind::asset);
    CHECK(find_route("/").asset == find_route("/index.html").asset);
    CHECK(find_route("/main.js").asset->content_type == "text/javascript; charset=utf-8");
    CHECK(find_route("/index.html").kind == Kind::asset);
    CHECK(find_route("/api/health").kind == Kind::health);
    CHECK(find_route("/api/session").methods() == "GET, POST");
    CHECK(find_route("/api/link").methods() == "POST");
    CHECK(find_route("/api/requests").kind == Kind::requests);
    CHECK(find_route("/api/audit").kind == Kind::audit);
    CHECK(find_route("/api/events").methods() == "GET");
    CHECK(find_route("/api/requests/3f2a").id == "3f2a");
    CHECK(find_route("/api/requests/3f2a/approve").verdict == Verdict::approve);
    CHECK(find_route("/api/requests/3f2a/reject").verdict == Verdict::reject);
    CHECK(find_route("/api/requests/3f2a/reject").methods() == "POST");
}

TEST_CASE("an id may hold whatever another package made of it, percent-encoded") {
    CHECK(find_route("/api/requests/a%2Fb%20c/approve").id == "a/b c");
    CHECK(find_route("/api/requests/%C3%A9").id == "\xC3\xA9");
}

TEST_CASE("each view, request and call of the page has an address of its own, and the page reads what it says") {
    for (const std::string path :
         {"/history", "/overview", "/record", "/requests/3f2a", "/requests/%2e%2e", "/calls/12"}) {
        CAPTURE(path);
        const Route route = find_route(path);
        CHECK(route.kind == Kind::page);
        CHECK(route.asset == find_route("/").asset);
        CHECK(route.opens_page);
        CHECK(route.is_public("GET"));
        CHECK(route.methods() == "GET");
        CHECK(find_route("/approvals" + path, "/approvals").kind == Kind::page);
    }
    CHECK(find_route("/api/calls").kind == Kind::calls);
    CHECK(find_route("/api/calls/count").kind == Kind::call_count);
    CHECK(find_route("/api/calls/export").kind == Kind::call_export);
    CHECK(find_route("/api/calls/12").id == "12");
    CHECK(find_route("/api/stats").kind == Kind::statistics);
    CHECK_FALSE(find_route("/api/calls").is_public("GET"));
}

TEST_CASE("what is not an address of ours is none") {
    for (const std::string path : {"",
                                   "/api",
                                   "/api/",
                                   "/api/requests/",
                                   "/api/requests//approve",
                                   "/API/requests",
                                   "/api/requests/x/approve/",
                                   "/api/requests/x/approve/y",
                                   "/api/requests/x/",
                                   "/api/requests/%",
                                   "/api/requests/%4",
                                   "/api/requests/%zz",
                                   "/api/requests/%FF",
                                   "/../etc/passwd",
                                   "//",
                                   "/index.html/",
                                   "/requests",
                                   "/requests/",
                                   "/requests/x/",
                                   "/requests/x/y",
                                   "/calls/",
                                   "/history/",
                                   "/History",
                                   "/overviews"}) {
        CAPTURE(path);
        CHECK(find_route(path).kind == Kind::unknown);
        CHECK(find_route(path).methods().empty());
    }
}

TEST_CASE("percent-encoding is decoded once") {
    CHECK(percent_decode("a%2Bb+c") == "a+b+c");
    CHECK(percent_decode("a%2Bb+c", true) == "a+b c");
    CHECK(percent_decode("%2541") == "%41");
    CHECK(percent_decode("") == "");
    CHECK_FALSE(percent_decode("%-1"));
    CHECK_FALSE(percent_decode("x%4"));
}

TEST_CASE("under a base path every address begins with it, and the path alone leads to the page") {
    const auto kind_of = [](const std::string& path) { return find_route(path, "/approvals").kind; };
    CHECK(kind_of("/approvals/") == Kind::asset);
    CHECK(find_route("/approvals/", "/approvals").opens_page);
    CHECK(kind_of("/approvals") == Kind::entrance);
    CHECK(find_route("/approvals", "/approvals").is_public("GET"));
    CHECK(kind_of("/approvals/main.js") == Kind::asset);
    CHECK_FALSE(find_route("/approvals/main.js", "/approvals").opens_page);
    CHECK(kind_of("/approvals/api/events") == Kind::events);
    CHECK(find_route("/approvals/api/requests/3f2a/approve", "/approvals").id == "3f2a");
}

TEST_CASE("H178 what is beside a base path, in it twice or spelled otherwise stands for nothing") {
    for (const std::string path :
         {"/", "/main.js", "/api/requests", "/approvals2", "/approvals2/", "/approvals2/api/events", "/approval",
          "/Approvals/", "/approvals//", "//approvals/", "/approvals/approvals/", "/%61pprovals/", "/approvals%2F",
          "/x/../approvals/", "/approvals/../", "/approvals/./main.js", "/approvals/..%2Fapi/requests", "/approvals;/",
          "/approvals\\"}) {
        CAPTURE(path);
        CHECK(find_route(path, "/approvals").kind == Kind::unknown);
    }
}

TEST_CASE("H178 of two servers the base path of one may begin with that of the other") {
    CHECK(find_route("/a/b/api/events", "/a").kind == Kind::unknown);
    CHECK(find_route("/a/b", "/a").kind == Kind::unknown);
    CHECK(find_route("/a/b", "/a/b").kind == Kind::entrance);
    CHECK(find_route("/a/api/events", "/a/b").kind == Kind::unknown);
}
