#include "web/http_engine.hpp"

#include "support/catch.hpp"

#include "web/event_hub.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

using namespace approvekit;
using namespace approvekit::web;

namespace {

constexpr std::chrono::seconds patience{20};

/// A pair of connected sockets: the engine's and the client's.
struct Line {
    std::array<int, 2> ends = connect();
    ClientConnection server{FileDescriptor(ends[0])};
    FileDescriptor client{ends[1]};

    static std::array<int, 2> connect() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
        return ends;
    }

    /// Everything that was written until now.
    [[nodiscard]] std::string received() const {
        std::array<char, 64 * 1024> bytes{};
        const auto count = ::recv(client.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        return {bytes.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
    }
};

Call get(std::string path, std::string query = {}) {
    return {.method = "GET", .path = std::move(path), .query = std::move(query), .body = {}};
}

}  // namespace

TEST_CASE("the engine hands every part of a call on as it is") {
    Call seen;
    HttpEngine engine([&](const Call& call) {
        seen = call;
        return json_answer(201, {{"ok", true}});
    });
    Line line;
    const Call call{.method = "POST",
                    .path = "/api/requests/a%2Fb%00%0D%0A%E2%80%A8%FF/approve",
                    .query = "a=%25&b=+%26",
                    .body = std::string("{\"notes\":\"\\u0000\0\r\n\r\n\"}", 20)};

    REQUIRE(engine.answer(call, true, line.server, patience));

    CHECK(seen.method == call.method);
    CHECK(seen.path == call.path);
    CHECK(seen.query == call.query);
    CHECK(seen.body == call.body);
    CHECK(line.received().find("HTTP/1.1 201 ") == 0);
}

TEST_CASE("the longest path that a head may have reaches the API in every release of the library") {
    std::string seen;
    HttpEngine engine([&](const Call& call) {
        seen = call.path;
        return json_answer(200, {});
    });
    Line line;
    const std::string path = "/" + std::string(255, 'x');
    REQUIRE(engine.answer(get(path), true, line.server, patience));
    CHECK(seen == path);
}

TEST_CASE("an exception's text does not reach the client") {
    HttpEngine engine([](const Call& call) -> Answer {
        if (call.path == "/memory") throw std::bad_alloc();
        throw std::runtime_error("the secret of the house");
    });
    for (const std::string path : {"/", "/memory"}) {
        Line line;
        REQUIRE(engine.answer(get(path), false, line.server, patience));
        const std::string answer = line.received();
        CHECK(answer.find("HTTP/1.1 500 ") == 0);
        CHECK(answer.find("secret") == std::string::npos);
        CHECK(answer.find("EXCEPTION") == std::string::npos);
        CHECK(answer.find("\"code\":\"internal_error\"") != std::string::npos);
        CHECK(answer.find("Content-Security-Policy: default-src 'none'") != std::string::npos);
    }
}

TEST_CASE("a stream is written until it ends, and then the connection is still good") {
    EventHub hub(1);
    HttpEngine engine([&](const Call&) {
        Answer answer;
        answer.content_type = "text/event-stream";
        answer.stream = hub.open("event: hello\n\n");
        return answer;
    });
    Line line;
    std::string answer;
    std::jthread client([&] {
        while (answer.find("event: hello\n\n") == std::string::npos)
            answer += line.received();
        hub.close();
    });
    CHECK(engine.answer(get("/api/events"), true, line.server, patience));
    client.join();
    CHECK((answer + line.received()).ends_with("0\r\n\r\n"));
}

TEST_CASE("an answer to a client that does not read fails in time") {
    HttpEngine engine([](const Call&) { return json_answer(200, std::string(64'000'000, 'x')); });
    Line line;
    CHECK_FALSE(engine.answer(get("/"), true, line.server, std::chrono::milliseconds(50)));
}

TEST_CASE("H75 a client that reads a stream by a few bytes now and then is cut off all the same") {
    EventHub hub(1);
    HttpEngine engine([&](const Call&) {
        Answer answer;
        answer.content_type = "text/event-stream";
        answer.stream = hub.open("event: hello\n\n");
        return answer;
    });
    Line line;
    std::atomic<bool> cut_off = false;
    std::jthread trickle([&] {
        std::array<char, 512> bytes{};
        while (!cut_off && ::recv(line.client.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) != 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    std::jthread teller([&] {
        while (!cut_off)
            hub.on_change({std::string(20'000, 'x'), ApprovalStatus::pending});
    });
    CHECK_FALSE(engine.answer(get("/api/events"), true, line.server, std::chrono::milliseconds(200)));
    cut_off = true;
}
