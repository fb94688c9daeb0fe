#include "base/file_descriptor.hpp"
#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/web_fixture.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

using namespace approvekit;
using namespace approvekit::testing;
using std::chrono::milliseconds;

namespace {

std::string approval_of(const ApprovalRequest& request) {
    return "/api/requests/" + request.id + "/approve";
}

std::size_t resident_bytes() {
    std::size_t total = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * 4096;
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

/// Takes every descriptor that the process may still have; meanwhile its limit is low.
class FullFileTable {
public:
    FullFileTable() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit low = before_;
        low.rlim_cur = 200;
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
        for (int file = ::dup(STDOUT_FILENO); file >= 0; file = ::dup(STDOUT_FILENO))
            taken_.emplace_back(file);
        REQUIRE_FALSE(taken_.empty());
    }
    ~FullFileTable() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FullFileTable(const FullFileTable&) = delete;
    FullFileTable& operator=(const FullFileTable&) = delete;

    void free_one() { taken_.pop_back(); }

private:
    rlimit before_{};
    std::vector<base::FileDescriptor> taken_;
};

/// Sends `start` and then `more` again and again, until the server cuts it off. Returns the answer's status.
int flood(const WebFixture& fixture, const std::string& start, const std::string& more) {
    constexpr int most = 64 * 1024;
    RawClient client = fixture.connect();
    client.send(start);
    for (int i = 0; i < most && client.send(more); ++i) {
    }
    return client.read_answer().status;
}

}  // namespace

TEST_CASE("H7 a body that is not what it should be is refused and the server lives") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::vector<std::string> bad = {"{",
                                          "{\"notes\":\"a\"",
                                          "{\"notes\":\"a\"}}",
                                          "[]",
                                          "null",
                                          "\"approve\"",
                                          "{\"notes\":1}",
                                          "{\"notes\":null}",
                                          "{\"notes\":\"a\",\"notes\":\"b\"}",
                                          "{\"note\":\"a\"}",
                                          "{\"notes\":\"\xFF\"}",
                                          "{\"notes\":\"\\ud800\"}",
                                          "{\"notes\":\"a\x01\"}",
                                          std::string("{}\0", 3),
                                          " ",
                                          std::string(60'000, '['),
                                          "{\"notes\":" + std::string(50'000, '[') + "}"};
    for (const std::string& body : bad) {
        CAPTURE(body.substr(0, 40));
        CHECK(fixture.post(approval_of(asked), body).status == 400);
    }
    CHECK(fixture.post(approval_of(asked), std::string(100'000, '[')).status == 413);
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.post(approval_of(asked), "").status == 200);
}

TEST_CASE("H7 a malformed head is refused with 400") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string host = "Host: " + fixture.host() + "\r\n";
    const std::string keys = host + fixture.bearer() + std::string(json_type);
    const std::string post = "POST " + approval_of(asked) + " HTTP/1.1\r\n";
    const std::vector<std::string> bad = {
        "\r\n\r\n",
        "GET\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\n" + host + "\n",
        "GET /\tx HTTP/1.1\r\n" + host + "\r\n",
        "GET http://" + fixture.host() + "/ HTTP/1.1\r\n" + host + "\r\n",
        "GET /#x HTTP/1.1\r\n" + host + "\r\n",
        "GET / HTTP/1.1\r\n" + host + " folded: x\r\n\r\n",
        "GET / HTTP/1.1\r\n" + host + "name : x\r\n\r\n",
        "GET / HTTP/1.1\r\n" + host + "no colon\r\n\r\n",
        "GET / HTTP/1.1\r\n" + host + std::string("a: \0\r\n\r\n", 8),
        "GET / HTTP/1.1\r\n" + host + "a: b\rc: d\r\n\r\n",
        "GET /?a?b HTTP/1.1\r\n" + host + "\r\n",
        post + keys + "Content-Length: -1\r\n\r\n",
        post + keys + "Content-Length: +1\r\n\r\n",
        post + keys + "Content-Length: 0x1\r\n\r\n",
        post + keys + "Content-Length: 1, 1\r\n\r\n",
        post + keys + "Content-Length: \r\n\r\n",
        post + keys + "Content-Length: 99999999999999999999\r\n\r\n",
        post + keys + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "GET /api/requests HTTP/1.1\r\n" + keys + "Content-Length: 5\r\n\r\nhello",
    };
    for (const std::string& text : bad) {
        CAPTURE(text);
        const auto answer = fixture.connect().ask(text);
        CHECK(answer.status == 400);
        CHECK_FALSE(code_of(answer).empty());
    }
    CHECK(fixture.connect().ask("GET / HTTP/2.0\r\n" + host + "\r\n").status == 505);
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.get("/api/health").status == 200);
}

TEST_CASE("H7 a request that ends in its middle decides nothing") {
    const WebFixture fixture(WebFixture::impatient_settings());
    const auto asked = fixture.storage->add("wire");
    const std::string whole =
        fixture.post_text(approval_of(asked), fixture.bearer() + std::string(json_type), "{\"notes\":\"x\"}");
    for (const std::size_t length : {std::size_t{10}, whole.find("\r\n\r\n"), whole.size() - 1}) {
        RawClient closing = fixture.connect();
        closing.send(whole.substr(0, length));
        closing.close_for_writing();
        CHECK(closing.read_answer().status == 400);

        RawClient silent = fixture.connect();
        CHECK(silent.ask(whole.substr(0, length)).status == 408);
    }
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H7 a Content-Length that is too short ends the body there and the rest is no request") {
    const WebFixture fixture(WebFixture::impatient_settings());
    const auto asked = fixture.storage->add("wire");
    RawClient client = fixture.connect();
    client.send("POST " + approval_of(asked) + " HTTP/1.1\r\nHost: " + fixture.host() + "\r\n" + fixture.bearer() +
                std::string(json_type) + "Content-Length: 5\r\n\r\n{\"notes\":\"x\"}");
    CHECK(client.read_answer().status == 400);
    CHECK(client.read_to_end().starts_with("HTTP/1.1 408 "));
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H8 a note of 20 MB gets 413, one over 16 KiB too, one with a NUL 400") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const auto body = [](const std::string& notes) { return Json({{"notes", notes}}).dump(); };

    CHECK(fixture.post(approval_of(asked), body(std::string(20'000'000, 'x'))).status == 413);
    CHECK(fixture.post(approval_of(asked), body(std::string(maximum_note_bytes + 1, 'x'))).status == 413);
    CHECK(fixture.post(approval_of(asked), body(std::string("a\0b", 3))).status == 400);
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
    CHECK(fixture.post(approval_of(asked), body(std::string(maximum_note_bytes, 'x'))).status == 200);
}

TEST_CASE("H9 64 clients that send half a request and fall silent do not keep others waiting") {
    const WebFixture fixture;
    std::vector<RawClient> silent;
    for (int i = 0; i < 64; ++i) {
        silent.push_back(fixture.connect());
        silent.back().send(i % 2 == 0 ? "GET /api/req"
                                      : fixture.post_text("/api/session", json_type, "{}").substr(0, 90));
    }
    const auto time =
        calmest_median_time(milliseconds(1000), 21, [&] { REQUIRE(fixture.get("/api/requests").status == 200); });
    CHECK(time < milliseconds(1000));  // one silent client would cost seconds
}

TEST_CASE("H9 however many clients fall silent, the longest silent ones make room") {
    const WebFixture fixture;
    std::vector<RawClient> silent;
    for (int i = 0; i < 400; ++i) {
        silent.push_back(fixture.connect());
        silent.back().send("GET ");
    }
    const auto time =
        calmest_median_time(milliseconds(1000), 21, [&] { REQUIRE(fixture.get("/api/requests").status == 200); });
    CHECK(time < milliseconds(1000));  // one silent client would cost seconds
    CHECK(silent.front().read_to_end().find("200") == std::string::npos);
}

TEST_CASE("H9 who sends a byte now and then is cut off all the same") {
    const WebFixture fixture(WebFixture::impatient_settings());
    RawClient slow = fixture.connect();
    slow.send("GET / HTTP/1.1\r\nA: ");
    CHECK(eventually([&] { return !slow.send("x"); }, std::chrono::seconds(10)));
}

TEST_CASE("H74 a server whose process has no descriptor left makes room instead of waiting for ever") {
    const WebFixture fixture;
    RawClient silent = fixture.connect();
    REQUIRE(silent.ask(fixture.get_text("/api/health", "")).status == 200);

    FullFileTable table;
    table.free_one();  // for the client, so that the server has none

    CHECK(fixture.get("/api/requests").status == 200);
    CHECK(silent.read_to_end().empty());
}

TEST_CASE("H75 300 clients without a token that ask on and on and never read do not keep others waiting") {
    const WebFixture fixture;
    std::vector<RawClient> deaf;
    for (int i = 0; i < 300; ++i) {
        deaf.emplace_back(fixture.server.port(), 2048);
        deaf.back().send(repeated(fixture.get_text("/base.css", ""), 800));
    }
    const auto time =
        calmest_median_time(milliseconds(1000), 21, [&] { REQUIRE(fixture.get("/api/requests").status == 200); });
    CHECK(time < milliseconds(1000));  // one silent client would cost seconds
}

TEST_CASE("H75 who has shown the token is served on while others without one take all the room") {
    const WebFixture fixture;
    RawClient known = fixture.connect();
    REQUIRE(known.ask(fixture.get_text("/api/requests", fixture.bearer())).status == 200);
    RawClient stream = fixture.connect();
    REQUIRE(stream.ask(fixture.get_text("/api/events", fixture.bearer())).status == 200);

    std::vector<RawClient> deaf;
    for (int i = 0; i < 600; ++i) {
        deaf.emplace_back(fixture.server.port(), 2048);
        deaf.back().send(i % 2 == 0 ? repeated(fixture.get_text("/base.css", ""), 800) : "GET ");
    }

    CHECK(known.ask(fixture.get_text("/api/requests", fixture.bearer())).status == 200);
    fixture.storage->add("wire");
    CHECK(stream.read_until("event: change").ends_with("event: change"));
}

TEST_CASE("H10 bodies without an end or a length are cut off and take no memory") {
    const WebFixture fixture(WebFixture::impatient_settings());
    const auto asked = fixture.storage->add("wire");
    const std::string start = "POST " + approval_of(asked) + " HTTP/1.1\r\nHost: " + fixture.host() + "\r\n" +
                              fixture.bearer() + std::string(json_type);
    const std::string chunk = "1000\r\n" + std::string(4096, 'x') + "\r\n";
    CHECK(fixture.get("/api/requests").status == 200);
    const std::size_t before = resident_bytes();

    CHECK(flood(fixture, start + "Transfer-Encoding: chunked\r\n\r\n", chunk) == 411);
    CHECK(flood(fixture, start + "Transfer-Encoding: gzip, chunked\r\nContent-Length: 9\r\n\r\n", chunk) == 411);
    CHECK(flood(fixture, start + "\r\n", chunk) == 411);
    CHECK(flood(fixture, start + "Content-Length: 99999999999\r\n\r\n", chunk) == 413);
    CHECK(flood(fixture, start + "Content-Encoding: gzip\r\nContent-Length: 9999\r\n\r\n", chunk) == 415);

    CHECK(resident_bytes() < before + 8 * 1024 * 1024);
    CHECK(fixture.status_of(asked) == ApprovalStatus::pending);
}

TEST_CASE("H10 heads without an end are cut off and take no memory") {
    const WebFixture fixture(WebFixture::impatient_settings());
    CHECK(fixture.get("/api/requests").status == 200);
    const std::size_t before = resident_bytes();

    CHECK(flood(fixture, "GET /", std::string(4096, 'x')) == 431);
    CHECK(flood(fixture, "GET / HTTP/1.1\r\nA: ", std::string(4096, 'x')) == 431);
    CHECK(flood(fixture, "GET / HTTP/1.1\r\n", "A: x\r\n") == 431);

    CHECK(resident_bytes() < before + 8 * 1024 * 1024);
    CHECK(fixture.connect().ask(fixture.get_text("/" + std::string(600, 'x'), "")).status == 414);
    std::string many;
    for (int i = 0; i < 70; ++i)
        many += "A" + std::to_string(i) + ": x\r\n";
    CHECK(fixture.connect().ask(fixture.get_text("/", many)).status == 431);
}

TEST_CASE("a client that asks before it sends its body is told to go on, once it is authorized") {
    const WebFixture fixture;
    const auto asked = fixture.storage->add("wire");
    const std::string text = fixture.post_text(
        approval_of(asked), fixture.bearer() + std::string(json_type) + "Expect: 100-continue\r\n", "{}");
    RawClient client = fixture.connect();
    client.send(text.substr(0, text.size() - 2));
    CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(client.ask("{}").status == 200);
}

TEST_CASE("a connection brings one request after another, also when they come at once") {
    const WebFixture fixture;
    RawClient client = fixture.connect();
    client.send(fixture.get_text("/api/health", "") + fixture.get_text("/api/requests", fixture.bearer()) +
                fixture.get_text("/api/health", "Connection: close\r\n"));
    CHECK(client.read_answer().body == R"({"ok":true})");
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_answer().headers.at("connection") == "close");
    CHECK(client.read_to_end().empty());
}
