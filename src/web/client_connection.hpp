#pragma once

#include "web/socket.hpp"

#include <atomic>
#include <chrono>
#include <compare>
#include <utility>

namespace approvekit::web {

/// A client's connection. One thread serves it; others may look at its standing and end it.
class ClientConnection {
public:
    using Clock = std::chrono::steady_clock;

    /// Who makes room first when there are too many: the least.
    struct Standing {
        bool is_known = false;
        Clock::time_point since;  ///< the latest moment there is: it does not make room at all
        auto operator<=>(const Standing&) const = default;
    };

    explicit ClientConnection(FileDescriptor descriptor) : socket_(std::move(descriptor)) {}

    [[nodiscard]] Socket& socket() noexcept { return socket_; }

    /// The client has shown that it holds the token or a session.
    void set_known() noexcept { is_known_ = true; }

    /// Whether the server is at work for the client or has nothing to tell it, rather than waiting for the client to
    /// send or to read.
    void set_busy(bool busy) noexcept { waiting_since_ = busy ? Clock::time_point::max() : Clock::now(); }

    /// Of one that is known counts how long the server has been waiting for it; of any other, its age, which nothing
    /// that it does can lessen.
    [[nodiscard]] Standing standing() const noexcept {
        return is_known_ ? Standing{true, waiting_since_} : Standing{false, opened_};
    }

private:
    Socket socket_;
    const Clock::time_point opened_ = Clock::now();
    std::atomic<bool> is_known_ = false;
    std::atomic<Clock::time_point> waiting_since_ = opened_;
};

}  // namespace approvekit::web
