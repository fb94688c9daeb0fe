#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace approvekit::testing {

/// What a server sent back, split into its parts.
struct RawAnswer {
    int status = 0;                              ///< 0 if the connection ended without an answer
    std::map<std::string, std::string> headers;  ///< by lower-case name
    std::string body;
};

/// A connection that sends exactly the bytes it is given, even broken ones. Waits at most 20 s.
class RawClient {
public:
    /// `receive_buffer` is how many bytes the system accepts before the client reads them; 0 leaves that to the system.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(socket_);
            throw std::runtime_error("cannot connect");
        }
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ~RawClient() { close(); }

    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}
    RawClient& operator=(RawClient&&) = delete;

    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

    void close_for_writing() { ::shutdown(socket_, SHUT_WR); }

    /// Returns false when the server has closed the connection.
    bool send(std::string_view text) {
        while (!text.empty()) {
            const auto count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// Reads until `mark` has come. Returns what came up to its end, or everything if the connection ends first.
    std::string read_until(std::string_view mark) {
        const Deadline deadline = Clock::now() + patience;  // a stream that only keeps alive has no deadline of its own
        std::size_t at = 0;
        while ((at = buffer_.find(mark)) == std::string::npos) {
            if (!read_more(deadline)) return std::exchange(buffer_, {});
        }
        const std::string text = buffer_.substr(0, at + mark.size());
        buffer_.erase(0, text.size());
        return text;
    }

    std::string read_to_end() {
        while (read_more()) {
        }
        return std::exchange(buffer_, {});
    }

    /// Reads an answer that has a length; of a stream, only the head.
    RawAnswer read_answer() {
        RawAnswer answer;
        std::string head = read_until("\r\n\r\n");
        if (!head.starts_with("HTTP/1.1 ")) return answer;
        answer.status = std::stoi(head.substr(9, 3));
        read_headers(head, answer);
        const std::size_t length =
            answer.headers.contains("content-length") ? std::stoul(answer.headers["content-length"]) : std::size_t{0};
        while (buffer_.size() < length && read_more()) {
        }
        answer.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return answer;
    }

    RawAnswer ask(std::string_view text) {
        send(text);
        return read_answer();
    }

private:
    using Clock = std::chrono::steady_clock;
    using Deadline = Clock::time_point;
    static constexpr std::chrono::seconds patience{60};

    static void read_headers(std::string_view head, RawAnswer& answer) {
        for (auto start = head.find("\r\n") + 2; start + 2 < head.size();) {
            const auto end = head.find("\r\n", start);
            const std::string_view line = head.substr(start, end - start);
            const auto colon = line.find(": ");
            std::string name(line.substr(0, colon));
            for (char& character : name)
                character = static_cast<char>(std::tolower(character));
            answer.headers[name] = line.substr(colon + 2);
            start = end + 2;
        }
    }

    bool read_more(Deadline deadline = Clock::now() + patience) {
        pollfd wanted{socket_, POLLIN, 0};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) return false;
        std::array<char, 16 * 1024> bytes;
        const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
        if (count <= 0) return false;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string buffer_;
};

}  // namespace approvekit::testing
