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

/// A port of this machine that stands for the one of a PostgreSQL server. Thread-safe.
class Proxy {
public:
    /// Carries one connection, with both of its ends, on a thread of its own; may be asked to end.
    using Carrier = std::function<void(const std::stop_token&, base::FileDescriptor, base::FileDescriptor)>;

    explicit Proxy(Carrier carrier);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    /// The connection string that leads to the same database through it.
    [[nodiscard]] std::string through(const std::string& connection);

private:
    void accept_all(const std::stop_token& stop);

    Carrier carrier_;
    base::FileDescriptor listener_;
    int port_ = 0;
    std::atomic<int> server_port_ = 0;
    std::mutex mutex_;  // guards the next one
    std::vector<std::jthread> connections_;
    std::jthread acceptor_;
};

/// False where the other side is gone.
bool send_all(int to, std::string_view bytes);
/// What has come; empty where the other side is gone.
[[nodiscard]] std::string received(int from);
[[nodiscard]] bool is_readable(int descriptor);

}  // namespace approvekit::testing
