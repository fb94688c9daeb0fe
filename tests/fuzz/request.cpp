#include "property.hpp"

#include "approvekit/clock.hpp"
#include "web/answer_writer.hpp"
#include "web/authorization.hpp"
#include "web/identification.hpp"
#include "web/request_reader.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <variant>
#include <vector>

namespace approvekit::fuzz {
namespace {

using namespace web;
using namespace std::chrono_literals;

/// A connection over which all of `bytes` have arrived and nothing more will.
class Wire {
public:
    explicit Wire(std::string_view bytes)
        : ends_(connect()), server_(base::FileDescriptor(ends_[0])), client_(ends_[1]) {
        sent_ = ::send(client_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size());
        ::shutdown(client_.get(), SHUT_WR);
    }

    [[nodiscard]] bool sent() const noexcept { return sent_; }
    [[nodiscard]] ClientConnection& server() noexcept { return server_; }

    /// What was sent to the client since the last call.
    [[nodiscard]] std::string received() const {
        std::array<char, 4096> bytes{};
        std::string all;
        for (;;) {
            const auto count = ::recv(client_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (count <= 0) return all;
            all.append(bytes.data(), static_cast<std::size_t>(count));
        }
    }

private:
    static std::array<int, 2> connect() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw std::runtime_error("no socket pair");
        }
        return ends;
    }

    std::array<int, 2> ends_;
    ClientConnection server_;
    base::FileDescriptor client_;
    bool sent_ = false;
};

/// What a careless reader would take for the values of a header: it accepts any line end, blanks, and upper or lower
/// case.
std::vector<std::string> careless_values(std::string_view head, std::string_view name) {
    std::vector<std::string> values;
    std::string line;
    for (const char character : std::string(head) + '\n') {
        if (character != '\n' && character != '\r') {
            if (!std::isspace(static_cast<unsigned char>(character)) && character != '\0') {
                line += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
            }
        } else {
            if (line.starts_with(std::string(name) + ':')) values.push_back(line.substr(name.size() + 1));
            line.clear();
        }
    }
    return values;
}

/// The number of `bytes` that the head was made from: all of them, except what cookies say.
std::size_t size_of_origin(std::string_view bytes, std::string_view head) {
    std::size_t at = 0;
    std::string line;
    for (const char character : head) {
        if (line == "cookie:") {
            while (at < bytes.size() && bytes[at] != character && is_header_character(bytes[at]))
                ++at;
        }
        require(at < bytes.size() && bytes[at++] == character, "a head is the next bytes that came");
        if (line != "cookie:") line += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
        if (character == '\n') line.clear();
    }
    return at;
}

void require_one_meaning(std::string_view text, const RequestHead& head) {
    for (const std::string_view name : {"content-length", "transfer-encoding", "host", "authorization"}) {
        const auto values = careless_values(text, name);
        require(values.size() <= 1, "nothing that decides is said twice");
        require(values.size() == (head.header(name) ? 1U : 0U), "no reader sees a header that another one does not");
    }
    if (const auto length = head.content_length()) {
        require(std::stoull(careless_values(text, "content-length").front()) == *length,
                "every reader sees one length");
    }
    require(head.path.starts_with('/') && head.path.size() <= maximum_path_bytes, "a path is short");
    for (const std::string& part : {head.method, head.path, head.query}) {
        require(part.find_first_of(std::string_view(" \t\r\n\0", 5)) == std::string::npos, "an address has no blanks");
    }
}

/// What was understood from a request.
std::string understood(const RequestHead& head, std::string_view body) {
    return head.method + '\n' + head.path + '\n' + head.query + '\n' + std::string(body);
}

/// The same, taken from only the first line of a request as it was sent.
std::string as_sent(std::string_view bytes, std::string_view body) {
    const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
    const std::size_t blank = line.find(' ');
    const std::string_view target = line.substr(blank + 1, line.rfind(' ') - blank - 1);
    const std::size_t mark = std::min(target.find('?'), target.size());
    std::string text(line.substr(0, blank));
    for (const std::string_view part : {target.substr(0, mark), target.substr(std::min(mark + 1, target.size())), body})
        text.append("\n").append(part);
    return text;
}

/// A server that answers with what it understood.
class FuzzedServer {
public:
    /// Returns false if the request is refused.
    bool serve(const RequestHead& head, RequestReader& reader, Wire& wire, std::string& body) {
        if (std::holds_alternative<Answer>(authorization_.check(head, find_route(head.path)))) return false;
        require(!head.header("transfer-encoding"), "nothing in pieces is let in");
        const std::size_t length = head.content_length().value_or(0);
        require(length <= maximum_body_bytes, "no body that is let in is large");
        if (reader.read_body(length, body) != RequestReader::Result::complete) return false;
        Answer answer;
        answer.body = understood(head, body);
        require(writer_.write(answer, head.keeps_alive, wire.server(), 1s), "what is let in is answered");
        return true;
    }

private:
    SystemClock clock_;
    OneReviewer identification_{{"ada", "a-token-for-tests-only", "http://127.0.0.1:8765"}, clock_};
    Authorization authorization_{Hosts("127.0.0.1", 8765, {}), identification_};
    AnswerWriter writer_;
};

void require_own_answer(std::string_view answer, std::string_view own) {
    require(answer.starts_with("HTTP/1.1 200 "), "one request gets an answer");
    require(answer.substr(std::min(answer.find("\r\n\r\n"), answer.size() - 4) + 4) == own,
            "one request gets one answer, which is its own");
}

constexpr Patience short_patience{.idle = 1s, .head = 1s, .body = 1s, .write = 1s, .farewell = 1s};

}  // namespace

void request(std::string_view bytes) {
    static FuzzedServer fixture;
    Wire wire(bytes);
    if (!wire.sent()) return;  // more than a socket can hold at once
    RequestReader reader(wire.server().socket(), short_patience);
    std::string text;
    for (std::size_t at = 0; reader.read_head(text) == RequestReader::Result::complete;) {
        const std::size_t size = size_of_origin(bytes.substr(at), text);
        const auto parsed = parse_request_head(text);
        const auto* head = std::get_if<RequestHead>(&parsed);
        if (head == nullptr) return;
        require_one_meaning(text, *head);
        std::string body;
        if (!fixture.serve(*head, reader, wire, body)) return;
        const std::string_view body_sent = bytes.substr(at + size, body.size());
        require(body_sent == body, "a body is the bytes behind its head");
        require_own_answer(wire.received(), as_sent(bytes.substr(at), body_sent));
        at += size + body.size();
    }
}

}  // namespace approvekit::fuzz
