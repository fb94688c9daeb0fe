#include "web/socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace approvekit::web {
namespace {

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
#else
constexpr int send_flags = MSG_DONTWAIT;
#endif

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int milliseconds_until(Socket::Deadline deadline) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp(left, milliseconds(0), milliseconds(60'000)).count());
}

}  // namespace

Socket::Socket(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {
    const int on = 1;
    // What the system keeps for a client that does not read; many such clients must not take all its memory.
    const int kept_bytes = 128 * 1024;
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_SNDBUF, &kept_bytes, sizeof kept_bytes);
    // Otherwise an answer in two parts waits for the client's delayed acknowledgement, 40 ms.
    ::setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

std::optional<std::size_t> Socket::read(std::span<char> buffer, Deadline deadline) {
    while (wait_for(POLLIN, deadline)) {
        const auto count = ::recv(descriptor_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (!would_block()) return std::nullopt;
    }
    return std::nullopt;
}

bool Socket::write(std::string_view text, std::chrono::nanoseconds& allowance) {
    constexpr std::chrono::nanoseconds time_for_a_byte = std::chrono::seconds(1) / (64 * 1024);
    while (!text.empty()) {
        const auto count = ::send(descriptor_.get(), text.data(), text.size(), send_flags);
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
            allowance += count * time_for_a_byte;
            continue;
        }
        if (!would_block()) return false;
        const auto start = std::chrono::steady_clock::now();
        const bool is_ready = wait_for(POLLOUT, start + allowance);
        allowance -= std::chrono::steady_clock::now() - start;
        if (!is_ready) return false;
    }
    return true;
}

bool Socket::is_peer_alive() const {
    char byte = 0;
    const auto count = ::recv(descriptor_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count > 0 || (count < 0 && would_block());
}

void Socket::close_gracefully(Deadline deadline) {
    ::shutdown(descriptor_.get(), SHUT_WR);
    std::array<char, 16 * 1024> rest;
    while (read(rest, deadline).value_or(0) > 0) {
    }
}

void Socket::shut_down() noexcept {
    ::shutdown(descriptor_.get(), SHUT_RDWR);
}

bool Socket::wait_for(short events, Deadline deadline) const {
    pollfd wanted{descriptor_.get(), events, 0};
    int ready = 0;
    do {
        ready = ::poll(&wanted, 1, milliseconds_until(deadline));
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

}  // namespace approvekit::web
