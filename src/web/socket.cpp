#include "web/socket.hpp"

#include "approvekit/error.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

namespace approvekit::web {
namespace {

/// As many as the system allows: a client that finds the queue full tries again only after a second.
constexpr int backlog = SOMAXCONN;

struct AddressDeleter {
    void operator()(addrinfo* address) const { ::freeaddrinfo(address); }
};
using Address = std::unique_ptr<addrinfo, AddressDeleter>;

std::string reason(int error, const std::string& host, std::uint16_t port) {
    const std::string place = host + " port " + std::to_string(port);
    if (error == EADDRINUSE) return place + " is in use by another program; stop it or take another port";
    if (error == EACCES) return place + " needs more rights; take a port from 1024 on";
    if (error == EADDRNOTAVAIL) return host + " is not an address of this machine";
    return "cannot listen on " + place + ": " + std::strerror(error);
}

Address resolve(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | (host == "localhost" ? 0 : AI_NUMERICHOST);
    // No file and no server is asked for the name, so that it cannot mean another machine.
    const std::string name = host == "localhost" ? "127.0.0.1" : host;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error == 0) return Address(found);
    throw Error(ErrorCode::server, "cannot listen on '" + host + "': it is not an address; give one like 127.0.0.1");
}

void close_on_exec(const base::FileDescriptor& descriptor) {
    ::fcntl(descriptor.get(), F_SETFD, FD_CLOEXEC);
}

/// Programs that this process starts must not keep its clients' connections open.
base::FileDescriptor accept_from(const base::FileDescriptor& socket) {
#ifdef SOCK_CLOEXEC
    return base::FileDescriptor(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
#else
    base::FileDescriptor connection(::accept(socket.get(), nullptr, nullptr));
    if (connection) close_on_exec(connection);
    return connection;
#endif
}

/// Whether the connection is just not there yet, or no longer there.
bool is_passing(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ECONNABORTED;
}

/// Two servers must not share a port, so SO_REUSEPORT stays off. SO_REUSEADDR only skips the wait after a restart.
bool listen_on(const base::FileDescriptor& socket, const addrinfo& address) {
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return ::bind(socket.get(), address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket.get(), backlog) == 0;
}

std::uint16_t port_of(const base::FileDescriptor& socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

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

Listener::Listener(const std::string& host, std::uint16_t port) {
    const Address address = resolve(host, port);
    socket_ = base::FileDescriptor(::socket(address->ai_family, SOCK_STREAM, 0));
    std::array<int, 2> ends{};
    if (!socket_ || !listen_on(socket_, *address) || ::pipe(ends.data()) != 0) {
        throw Error(ErrorCode::server, reason(errno, host, port));
    }
    stop_reader_ = base::FileDescriptor(ends[0]);
    stop_writer_ = base::FileDescriptor(ends[1]);
    for (const auto* descriptor : {&socket_, &stop_reader_, &stop_writer_})
        close_on_exec(*descriptor);
    ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
    port_ = port_of(socket_);
}

std::optional<base::FileDescriptor> Listener::accept(const std::function<void()>& make_room) {
    for (;;) {
        std::array<pollfd, 2> wanted{pollfd{socket_.get(), POLLIN, 0}, pollfd{stop_reader_.get(), POLLIN, 0}};
        const bool told = ::poll(wanted.data(), wanted.size(), -1) >= 0;
        if (told && wanted[1].revents != 0) return std::nullopt;
        base::FileDescriptor connection = accept_from(socket_);
        if (connection) return connection;
        if (errno == EMFILE || errno == ENFILE) {
            make_room();
        } else if (told && is_passing(errno)) {
            continue;
        }
        // The connection stays ready to be accepted, so looking again at once would burn a core.
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void Listener::stop() noexcept {
    stop_writer_.reset();
}

Socket::Socket(base::FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {
    const int on = 1;
    // What the system keeps for a client that does not read. Many such clients must not take all its memory.
    const int kept_bytes = 128 * 1024;
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_SNDBUF, &kept_bytes, sizeof kept_bytes);
    // Without this, an answer in two parts waits for the client's delayed acknowledgement, 40 ms.
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
