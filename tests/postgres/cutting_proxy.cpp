#include "postgres/cutting_proxy.hpp"

#include "postgres/target.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
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

/// Takes in what the server answers until it has nothing more to say.
void drain(int server) {
    pollfd one{server, POLLIN, 0};
    while (::poll(&one, 1, 2000) > 0 && !received(server).empty()) {
    }
}

}  // namespace

CuttingProxy::CuttingProxy() : listener_(new_socket()) {
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

CuttingProxy::~CuttingProxy() {
    acceptor_ = {};
    const std::lock_guard lock(mutex_);
    connections_.clear();
}

std::string CuttingProxy::through(const std::string& connection) {
    const auto options = postgres::Target(connection).options();
    server_port_ = std::stoi(options.at("port"));
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + options.at("user") +
           " dbname=" + options.at("dbname") + " sslmode=disable gssencmode=disable";
}

void CuttingProxy::accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        pollfd one{listener_.get(), POLLIN, 0};
        if (::poll(&one, 1, 20) <= 0) continue;
        FileDescriptor client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) continue;
        const std::lock_guard lock(mutex_);
        connections_.emplace_back([this, owned = std::move(client)](const std::stop_token& ended) mutable {
            forward(ended, std::move(owned));
        });
    }
}

void CuttingProxy::forward(const std::stop_token& stop, FileDescriptor client) {
    FileDescriptor server = connected_to(server_port_);
    while (server && !stop.stop_requested()) {
        std::array<pollfd, 2> ends{pollfd{client.get(), POLLIN, 0}, pollfd{server.get(), POLLIN, 0}};
        if (::poll(ends.data(), ends.size(), 20) <= 0) continue;
        if (ends[0].revents != 0 && !pass_to_server(client, server)) return;
        if (ends[1].revents == 0) continue;
        const std::string answer = received(server.get());
        if (answer.empty() || !send_all(client.get(), answer)) return;
    }
}

bool CuttingProxy::pass_to_server(FileDescriptor& client, FileDescriptor& server) {
    std::string bytes = received(client.get());
    if (bytes.empty()) return false;
    const bool ends_transaction = bytes.find("COMMIT") != std::string::npos;
    const Cut cut = ends_transaction ? next_.exchange(Cut::none) : Cut::none;
    if (cut == Cut::none) return send_all(server.get(), bytes);
    while (is_readable(client.get()))
        bytes += received(client.get());
    ++cuts_;
    if (cut == Cut::reply) {
        static_cast<void>(send_all(server.get(), bytes));
        drain(server.get());
    }
    client.reset();
    if (cut == Cut::late) {
        // The client has begun to ask what became of it by then.
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        static_cast<void>(send_all(server.get(), bytes));
        drain(server.get());
    }
    return false;
}

}  // namespace approvekit::testing
