#include "web/answer_writer.hpp"

#include "support/catch.hpp"
#include "support/eventually.hpp"

#include "web/answer.hpp"
#include "web/event_hub.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace approvekit::web;

namespace {

constexpr std::chrono::seconds patience{60};

/// A pair of connected sockets: the writer's and the client's.
struct Line {
    std::array<int, 2> ends = connect();
    ClientConnection server{base::FileDescriptor(ends[0])};
    base::FileDescriptor client{ends[1]};

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

    /// Then nothing more can be sent until the client reads.
    void fill() const {
        const std::string bytes(64 * 1024, '.');
        while (::send(ends[0], bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
        }
    }

    [[nodiscard]] bool is_waiting_for_client() const {
        return server.standing().since != ClientConnection::Clock::time_point::max();
    }
};

/// An answer that continues until the hub closes.
Answer stream_of(EventHub& hub) {
    Answer answer;
    answer.content_type = "text/event-stream";
    answer.stream = hub.open("now");
    return answer;
}

}  // namespace

TEST_CASE("an answer is written whole, with its status, its length and its headers") {
    AnswerWriter writer;
    const std::string body("{\"notes\":\"\\u0000\0\r\n\r\n\"}", 20);
    for (const int status : {200, 201, 400, 401, 405, 408, 414, 421, 431, 503, 505}) {
        CAPTURE(status);
        Line line;
        Answer answer{.status = status, .body = body, .headers = {{"Allow", "GET, POST"}}, .stream = nullptr};
        REQUIRE(writer.write(answer, true, line.server, patience));
        const std::string text = line.received();
        CHECK(text.starts_with("HTTP/1.1 " + std::to_string(status) + " "));
        CHECK(text.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
        CHECK(text.find("\r\nContent-Length: 20\r\n") != std::string::npos);
        CHECK(text.find("\r\nAllow: GET, POST\r\n") != std::string::npos);
        CHECK(text.find("\r\nContent-Security-Policy: default-src 'none'") != std::string::npos);
        CHECK(text.find("\r\nKeep-Alive") == std::string::npos);
        CHECK(text.find("\r\nConnection: close") == std::string::npos);
        CHECK(text.ends_with("\r\n\r\n" + body));
    }
}

TEST_CASE("an answer after which the connection closes says so") {
    AnswerWriter writer;
    Line line;
    REQUIRE(writer.write(json_answer(200, {{"ok", true}}), false, line.server, patience));
    CHECK(line.received().find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("answers that are written at the same time do not mix") {
    AnswerWriter writer;
    std::atomic<int> mixed = 0;
    std::vector<std::jthread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&writer, &mixed, number] {
            const std::string body = std::to_string(number);
            for (int time = 0; time < 200; ++time) {
                Line line;
                const bool is_written = writer.write(json_answer(200, body), true, line.server, patience);
                if (!is_written || !line.received().ends_with("\r\n\r\n\"" + body + "\"")) ++mixed;
            }
        });
    }
    threads.clear();
    CHECK(mixed == 0);
}

TEST_CASE("a stream is written until it ends, and then the connection is still good") {
    EventHub hub(1);
    AnswerWriter writer;
    Line line;
    std::string answer;
    std::jthread client([&] {
        while (answer.find("event: hello\n") == std::string::npos)
            answer += line.received();
        hub.close();
    });
    CHECK(writer.write(stream_of(hub), true, line.server, patience));
    client.join();
    CHECK((answer + line.received()).ends_with("0\r\n\r\n"));
}

TEST_CASE("a stream that has nothing to tell yet goes on as long as its client is there") {
    struct Silence final : BodyStream {
        explicit Silence(Line& there) : line(there) {}
        [[nodiscard]] std::optional<std::string> next() override {
            if (++asked == 100) return "at last";
            if (asked == 200) line.client.reset();
            return asked == 100'000 ? std::nullopt : std::optional<std::string>("");
        }
        Line& line;
        int asked = 0;
    };
    Line line;
    const auto silence = std::make_shared<Silence>(line);
    Answer answer;
    answer.stream = silence;
    AnswerWriter writer;
    CHECK_FALSE(writer.write(answer, true, line.server, patience));
    CHECK(silence->asked <= 201);
    CHECK(silence->asked >= 200);
}

TEST_CASE("an answer to a client that does not read fails in time") {
    AnswerWriter writer;
    Line line;
    CHECK_FALSE(
        writer.write(json_answer(200, std::string(64'000'000, 'x')), true, line.server, std::chrono::milliseconds(50)));
}

TEST_CASE("H75 a client that reads a stream by a few bytes now and then is cut off all the same") {
    EventHub hub(1);
    AnswerWriter writer;
    Line line;
    std::atomic<bool> cut_off = false;
    std::jthread trickle([&] {
        std::array<char, 512> bytes{};
        while (!cut_off && ::recv(line.client.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) != 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    });
    std::jthread teller([&] {
        for (int number = 0; !cut_off; ++number)
            hub.on_change({std::string(200, 'x') + std::to_string(number), ApprovalStatus::pending});
    });
    CHECK_FALSE(writer.write(stream_of(hub), true, line.server, std::chrono::milliseconds(200)));
    cut_off = true;
}

TEST_CASE("an answer whose head could not be written is not written on when the client reads again") {
    Line line;
    line.server.set_known();
    line.server.set_busy(true);
    line.fill();
    EventLog log;
    const auto stream = std::make_shared<EventStream>(log, 0, "");
    static_cast<void>(stream->next());  // so that the writer waits for the next event after its head
    std::string received;
    std::jthread client([&] {
        const bool has_head_failed = eventually([&] { return line.is_waiting_for_client(); }) &&
                                     eventually([&] { return !line.is_waiting_for_client(); });
        for (std::string more = line.received(); !more.empty(); more = line.received())
            received += more;
        if (has_head_failed) log.add({"1", ApprovalStatus::pending});
        log.close();
    });
    Answer answer;
    answer.stream = stream;
    AnswerWriter writer;
    CHECK_FALSE(writer.write(answer, true, line.server, std::chrono::milliseconds(500)));
    client.join();
    CHECK((received + line.received()).find_first_not_of('.') == std::string::npos);
}
