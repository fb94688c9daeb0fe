#include "web/request_reader.hpp"

#include "support/catch.hpp"

#include <string>
#include <variant>

using namespace approvekit;
using namespace approvekit::web;

namespace {

RequestHead parsed(const std::string& text) {
    auto result = parse_request_head(text);
    REQUIRE(std::holds_alternative<RequestHead>(result));
    return std::get<RequestHead>(std::move(result));
}

int refusal(const std::string& text) {
    const auto result = parse_request_head(text);
    return std::holds_alternative<Answer>(result) ? std::get<Answer>(result).status : 200;
}

}  // namespace

TEST_CASE("a head is taken apart and nothing in it decoded") {
    const RequestHead head = parsed(
        "GET /api/requests?status=all&cursor=%41 HTTP/1.1\r\nHost: h:1\r\nX-Note:  a%0d%0ab \t\r\nEMPTY:\r\n\r\n");

    CHECK(head.method == "GET");
    CHECK(head.path == "/api/requests");
    CHECK(head.query == "status=all&cursor=%41");
    CHECK(head.header("host") == "h:1");
    CHECK(head.header("x-note") == "a%0d%0ab");
    CHECK(head.header("empty") == "");
    CHECK_FALSE(head.header("authorization"));
    CHECK_FALSE(head.content_length());
}

TEST_CASE("a connection lives on after HTTP/1.1 unless the client says otherwise") {
    CHECK(parsed("GET / HTTP/1.1\r\n\r\n").keeps_alive);
    CHECK_FALSE(parsed("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n").keeps_alive);
    CHECK_FALSE(parsed("GET / HTTP/1.1\r\nConnection: a\r\nConnection: close\r\n\r\n").keeps_alive);
    CHECK_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keeps_alive);
}

TEST_CASE("H7 a head that two readers could understand differently is refused") {
    CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n") == 400);
    CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 1 1\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: a\nHost: b\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1\r\nHost : a\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1 \r\n\r\n") == 505);
    CHECK(refusal("GET /a b HTTP/1.1\r\n\r\n") == 400);
    CHECK(refusal("GET * HTTP/1.1\r\n\r\n") == 400);
    CHECK(refusal("") == 400);
}

TEST_CASE("H7 no cut and no changed byte of a head makes the parser stumble") {
    const std::string text = "POST /api/requests/1/approve?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n";
    for (std::size_t at = 0; at < text.size(); ++at) {
        (void)parse_request_head(text.substr(0, at));
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = text;
            changed[at] = static_cast<char>(byte);
            const auto result = parse_request_head(changed);
            if (const auto* head = std::get_if<RequestHead>(&result)) {
                CHECK(head->path.find_first_of("\r\n\t \0", 0, 5) == std::string::npos);
            }
        }
    }
}

TEST_CASE("the length of a body is a plain number or the head is refused") {
    CHECK(parsed("POST / HTTP/1.1\r\nContent-Length: 0042\r\n\r\n").content_length() == 42);
    CHECK(parsed("POST / HTTP/1.1\r\nContent-Length: 999999999999999999\r\n\r\n").content_length() ==
          999999999999999999);
    CHECK(refusal("POST / HTTP/1.1\r\nContent-Length: 1000000000000000000\r\n\r\n") == 400);
}
