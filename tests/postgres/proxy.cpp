#include "postgres/proxy.hpp"

#include "postgres/target.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace approvekit::testing {

namespace {

using base::FileDescriptor;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

FileDescriptor new_socket() {
    FileDescriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!made) throw std::runtime_error("no socket");
    return made;
}

FileDescriptor connected_to(int port) {
    FileDescriptor made = new_socket();
    const sockaddr_in address = loopback(port);
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    return made;
}

/// Sends each message at once; otherwise every second one would wait 40 ms for an acknowledgement. If this fails, the
/// proxy is slow but works.
void send_at_once(const FileDescriptor& connection) {
    const int yes = 1;
    static_cast<void>(::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes));
}

}  // namespace

bool is_readable(int descriptor) {
    pollfd one{descriptor, POLLIN, 0};
    return ::poll(&one, 1, 0) > 0;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string received(int from) {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
    return count <= 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(count));
}

Proxy::Proxy(Carrier carrier) : carrier_(std::move(carrier)), listener_(new_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 16) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no port");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

Proxy::~Proxy() {
    acceptor_ = {};
    const std::lock_guard lock(mutex_);
    connections_.clear();
}

std::string Proxy::through(const std::string& connection) {
    const auto options = postgres::Target(connection).options();
    server_port_ = std::stoi(options.at("port"));
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + options.at("user") +
           " dbname=" + options.at("dbname") + " sslmode=disable gssencmode=disable";
}

void Proxy::accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd one{listener_.get(), POLLIN, 0};
        if (::poll(&one, 1, 20) <= 0) continue;
        FileDescriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) continue;
        const std::lock_guard lock(mutex_);
        connections_.emplace_back([this, owned = std::move(client)](const std::stop_token& ended) mutable {
            FileDescriptor server = connected_to(server_port_);
            if (!server) return;
            send_at_once(owned);
            send_at_once(server);
            carrier_(ended, std::move(owned), std::move(server));
        });
    }
}

}  // namespace approvekit::testing
