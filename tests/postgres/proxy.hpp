#pragma once

#include "base/file_descriptor.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace approvekit::testing {

/// A port of this machine that stands in for that of a PostgreSQL server. Thread-safe.
class Proxy {
public:
    /// Handles one connection, given both of its ends, on its own thread. May be asked to end.
    using Carrier = std::function<void(const std::stop_token&, base::FileDescriptor, base::FileDescriptor)>;

    explicit Proxy(Carrier carrier);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    /// The connection string that leads to the same database through this proxy.
    [[nodiscard]] std::string through(const std::string& connection);

private:
    void accept_all(const std::stop_token& stop);

    Carrier carrier_;
    base::FileDescriptor listener_;
    int port_ = 0;
    std::atomic<int> server_port_ = 0;
    std::mutex mutex_;  // guards the next member
    std::vector<std::jthread> connections_;
    std::jthread acceptor_;
};

/// Returns false if the other side is gone.
bool send_all(int to, std::string_view bytes);
/// Returns what has arrived; empty if the other side is gone.
[[nodiscard]] std::string received(int from);
[[nodiscard]] bool is_readable(int descriptor);

}  // namespace approvekit::testing
