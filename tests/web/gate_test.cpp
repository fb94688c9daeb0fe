#include "web/gate.hpp"

#include "support/catch.hpp"

#include <string>

using namespace approvekit;
using namespace approvekit::web;

namespace {

/// A gate, a session, and a request that it lets in until a test spoils something.
struct Door {
    Sessions sessions;
    Gate gate{{Hosts("127.0.0.1", 8765, {"review.example"}), "the-token-of-the-server"}, sessions};
    RequestHead head;

    Door() {
        sessions.open("the-secret-of-a-browser");
        head.method = "POST";
        head.path = "/api/requests/12345678/approve";
        head.headers = {{"host", "127.0.0.1:8765"},        {"origin", "http://127.0.0.1:8765"},
                        {"sec-fetch-site", "same-origin"}, {"content-type", "application/json"},
                        {"content-length", "2"},           {"authorization", "Bearer the-secret-of-a-browser"}};
    }

    /// The status that refuses the request, or 200.
    [[nodiscard]] int knock() const {
        const auto refusal = gate.check(head);
        return refusal ? refusal->status : 200;
    }

    [[nodiscard]] int knock_with(const std::string& name, const std::string& value) {
        head.headers[name] = value;
        return knock();
    }

    [[nodiscard]] int knock_without(const std::string& name) {
        head.headers.erase(name);
        return knock();
    }

    /// Turns the browser into a client that sends the token itself.
    void carry_token() {
        for (const auto* name : {"origin", "sec-fetch-site"})
            head.headers.erase(name);
        head.headers["authorization"] = "Bearer the-token-of-the-server";
    }
};

}  // namespace

TEST_CASE("G10 the gate admits the page's own request") {
    CHECK(Door().knock() == 200);
}

TEST_CASE("G10 whatever single thing is missing from the page's request, the gate stays shut") {
    for (const std::string name : {"host", "origin", "content-type", "content-length", "authorization"}) {
        CAPTURE(name);
        Door door;
        CHECK(door.knock_without(name) >= 400);
    }
}

TEST_CASE("G10 a client that sends the token needs JSON, but neither session nor Origin") {
    Door door;
    door.carry_token();
    CHECK(door.knock() == 200);
    CHECK(door.knock_with("origin", "http://evil.example") == 403);
    CHECK(door.knock_with("origin", "http://127.0.0.1:8765") == 200);
    CHECK(door.knock_with("content-type", "text/plain") == 415);
}

TEST_CASE("H3 the Origin has to fit the very Host that was asked for") {
    Door door;
    CHECK(door.knock_with("origin", "http://localhost:8765") == 403);
    CHECK(door.knock_with("host", "localhost:8765") == 200);
    door.head.headers["host"] = "review.example:8765";
    CHECK(door.knock_with("origin", "http://review.example:8765") == 200);
    CHECK(door.knock_with("origin", "https://review.example:8765") == 200);
    CHECK(door.knock_with("origin", "https://review.example") == 403);
}

TEST_CASE("H5 a session of another server start does not open the gate") {
    Door door;
    CHECK(door.knock_with("authorization", "Bearer the-secret-of-another-start") == 401);
    CHECK(door.knock_with("authorization", "Bearer ") == 401);
    CHECK(door.knock_with("authorization", "the-secret-of-a-browser") == 401);
}

TEST_CASE("H10 a body is let in only with its length, plain and small enough") {
    Door door;
    CHECK(door.knock_with("content-length", std::to_string(maximum_body_bytes)) == 200);
    CHECK(door.knock_with("content-length", std::to_string(maximum_body_bytes + 1)) == 413);
    CHECK(door.knock_with("content-length", "0") == 200);
    CHECK(door.knock_with("content-encoding", "gzip") == 415);
    CHECK(door.knock_with("transfer-encoding", "identity") == 411);
}

TEST_CASE("JSON is JSON with or without parameters") {
    Door door;
    CHECK(door.knock_with("content-type", "application/json; charset=utf-8") == 200);
    CHECK(door.knock_with("content-type", "application/json ;x=y") == 200);
    CHECK(door.knock_with("content-type", "application/jsonp") == 415);
    CHECK(door.knock_with("content-type", "text/plain; application/json") == 415);
}

TEST_CASE("H59 the gate lets who has the token make links, and no browser") {
    Door door;
    door.head.path = "/api/link";
    CHECK(door.knock() == 403);
    door.carry_token();
    CHECK(door.knock() == 200);
    CHECK(door.knock_without("authorization") == 401);
}

TEST_CASE("the token comes before the question whether there is anything at an address") {
    Door door;
    door.carry_token();
    door.head.path = "/api/nothing";
    CHECK(door.knock() == 404);
    CHECK(door.knock_without("authorization") == 401);
}
