#include "postgres/cutting_proxy.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

namespace approvekit::testing {

namespace {

using base::FileDescriptor;

/// Reads what the server answers until there is nothing more.
void drain(int server) {
    pollfd one{server, POLLIN, 0};
    while (::poll(&one, 1, 2000) > 0 && !received(server).empty()) {
    }
}

}  // namespace

CuttingProxy::CuttingProxy()
    : proxy_([this](const std::stop_token& stop, FileDescriptor client, FileDescriptor server) {
          forward(stop, std::move(client), std::move(server));
      }) {}

void CuttingProxy::forward(const std::stop_token& stop, FileDescriptor client, FileDescriptor server) {
    while (!stop.stop_requested()) {
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
        // By then the client has begun to ask whether it was committed.
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        static_cast<void>(send_all(server.get(), bytes));
        drain(server.get());
    }
    return false;
}

}  // namespace approvekit::testing
