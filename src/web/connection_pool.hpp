#pragma once

#include "web/client_connection.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

namespace approvekit::web {

/// Serves each connection on a thread of its own. Thread-safe.
///
/// When there are too many, one makes room: of those that have shown no token the oldest, otherwise the one that has
/// kept the server waiting for longest. So whoever sends half a request, or reads no answer, harms himself only.
class ConnectionPool {
public:
    /// `serve` is called on the connection's thread and returns when the connection is done with.
    ConnectionPool(std::size_t capacity, std::function<void(ClientConnection&)> serve);
    ~ConnectionPool() { stop(); }

    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;

    /// Serves the connection, or closes it when every other one is busy.
    void take(FileDescriptor descriptor);

    /// Ends the connection that is the first to make room, if one may. Its descriptor is free soon after.
    void make_room();

    /// Ends all connections and waits for their threads.
    void stop() noexcept;

private:
    struct Served {
        explicit Served(FileDescriptor descriptor) : connection(std::move(descriptor)) {}
        ClientConnection connection;
        bool is_dismissed = false;
        bool is_over = false;
        std::jthread thread;  // last: it uses the others
    };

    void remove_ended();
    [[nodiscard]] bool has_room() const;
    bool dismiss_one();
    void run(Served& served);

    const std::size_t capacity_;
    const std::function<void(ClientConnection&)> serve_;
    std::mutex mutex_;
    std::list<Served> served_;
    bool stopped_ = false;
};

}  // namespace approvekit::web
