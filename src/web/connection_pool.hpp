#pragma once

#include "web/socket.hpp"

#include <atomic>
#include <chrono>
#include <compare>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace approvekit::web {

/// How many clients a server serves at once. A plain value.
struct Capacity {
    std::size_t connections = 0;
    std::size_t streams = 0;  ///< how many of them may be streams
    std::string note;         ///< why it is less than wanted, for a person; empty if it is not

    /// Returns room for `wanted_streams` and for the usual number of others. If the limit of open files (RLIMIT_NOFILE)
    /// is too low, returns what it leaves besides what this process has open and its database still needs.
    ///
    /// Throws Error (server) if that is next to nothing.
    [[nodiscard]] static Capacity within_limits(std::size_t wanted_streams);

    /// Does the same for a process that may have `limit` files open, and has `open` of them.
    [[nodiscard]] static Capacity within(std::size_t limit, std::size_t open, std::size_t wanted_streams);
};

/// A client's connection. One thread serves it; others may look at its standing and end it.
class ClientConnection {
public:
    using Clock = std::chrono::steady_clock;

    /// Decides who makes room first if there are too many: the connection with the least standing.
    struct Standing {
        bool is_known = false;
        Clock::time_point since;  ///< the latest possible time means that it does not make room at all
        auto operator<=>(const Standing&) const = default;
    };

    explicit ClientConnection(base::FileDescriptor descriptor) : socket_(std::move(descriptor)) {}

    [[nodiscard]] Socket& socket() noexcept { return socket_; }

    /// To be called when the client has shown that it holds the token or a session.
    void set_known() noexcept { is_known_ = true; }

    /// Says whether the server is working for the client or has nothing to tell it, rather than waiting for the client
    /// to send or to read.
    void set_busy(bool busy) noexcept { waiting_since_ = busy ? Clock::time_point::max() : Clock::now(); }

    /// For a known client, it counts how long the server has been waiting for it. For any other, it counts the age of
    /// the connection, which nothing that the client does can reduce.
    [[nodiscard]] Standing standing() const noexcept {
        return is_known_ ? Standing{true, waiting_since_} : Standing{false, opened_};
    }

private:
    Socket socket_;
    const Clock::time_point opened_ = Clock::now();
    std::atomic<bool> is_known_ = false;
    std::atomic<Clock::time_point> waiting_since_ = opened_;
};

/// Serves each connection on a thread of its own. Thread-safe.
///
/// If there are too many, one makes room: the oldest of those that have shown no token; if there is none, the one that
/// has kept the server waiting for longest. So a client that sends half a request, or reads no answer, harms only
/// itself.
class ConnectionPool {
public:
    /// `serve` is called on the connection's thread, and returns when it is done with the connection.
    ConnectionPool(std::size_t capacity, std::function<void(ClientConnection&)> serve);
    ~ConnectionPool() { stop(); }

    ConnectionPool(const ConnectionPool&) = delete;
    ConnectionPool& operator=(const ConnectionPool&) = delete;

    /// Serves the connection. Closes it if there is no room and no other one makes room, since all are known and busy.
    void take(base::FileDescriptor descriptor);

    /// Ends the connection that makes room first, if one may. Its descriptor is free soon after.
    void make_room();

    /// Ends all connections and waits for their threads.
    void stop() noexcept;

private:
    struct Served {
        explicit Served(base::FileDescriptor descriptor) : connection(std::move(descriptor)) {}
        ClientConnection connection;
        bool is_dismissed = false;
        bool is_over = false;
        std::jthread thread;  // last, since it uses the others
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
