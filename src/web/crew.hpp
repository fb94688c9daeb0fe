#pragma once

#include "web/socket.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace approvekit::web {

/// A client's connection while a thread of the crew serves it.
class Connection {
public:
    explicit Connection(FileDescriptor descriptor) : socket_(std::move(descriptor)) {}

    [[nodiscard]] Socket& socket() noexcept { return socket_; }

    /// Whether the client is being answered, rather than the server waiting for what the client sends.
    void set_busy(bool busy) noexcept { waiting_since_ = busy ? Clock::time_point::max() : Clock::now(); }

    /// The latest moment there is while busy.
    [[nodiscard]] std::chrono::steady_clock::time_point waiting_since() const noexcept { return waiting_since_; }

private:
    using Clock = std::chrono::steady_clock;

    Socket socket_;
    std::atomic<Clock::time_point> waiting_since_ = Clock::now();
};

/// Serves each connection on a thread of its own. Thread-safe.
///
/// When there are too many, the one that has kept the server waiting for longest makes room: whoever sends half a
/// request and falls silent harms himself only.
class Crew {
public:
    /// `serve` is called on the connection's thread and returns when the connection is done with.
    Crew(std::size_t capacity, std::function<void(Connection&)> serve);
    ~Crew() { stop(); }

    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// Serves the connection, or closes it when every other one is busy.
    void take(FileDescriptor descriptor);

    /// Ends all connections and waits for their threads.
    void stop() noexcept;

private:
    struct Post {
        explicit Post(FileDescriptor descriptor) : connection(std::move(descriptor)) {}
        Connection connection;
        std::atomic<bool> is_over = false;
        bool is_dismissed = false;
        std::jthread thread;
    };

    void remove_ended();
    [[nodiscard]] bool make_room();
    void run(Post& post);

    const std::size_t capacity_;
    const std::function<void(Connection&)> serve_;
    std::mutex mutex_;
    std::list<Post> posts_;
    bool stopped_ = false;
};

}  // namespace approvekit::web
