#pragma once

#include "base/file_descriptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace approvekit::web {

/// A bound address where connections come in. stop() may be called by any thread, accept() by one.
class Listener {
public:
    /// Throws Error (server) that says why the address cannot be had. Port 0 takes a free one.
    Listener(const std::string& host, std::uint16_t port);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// The next connection; nothing after stop(). While the process has no descriptor left for it, `make_room` is
    /// called again and again, which is to free one.
    [[nodiscard]] std::optional<base::FileDescriptor> accept(const std::function<void()>& make_room);

    void stop() noexcept;

private:
    base::FileDescriptor socket_;
    base::FileDescriptor stop_reader_;
    base::FileDescriptor stop_writer_;
    std::uint16_t port_ = 0;
};

/// A connected socket of which every use ends by a deadline. One thread reads and writes; others may end it.
class Socket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Owns `descriptor`, which must be connected.
    explicit Socket(base::FileDescriptor descriptor);

    /// How many bytes came: 0 when the other side has closed, nothing when the deadline passed or the way is broken.
    [[nodiscard]] std::optional<std::size_t> read(std::span<char> buffer, Deadline deadline);

    /// False when not everything could be sent. Takes the time that it waited for the other side off `allowance`, and
    /// puts a second on it for each 64 KiB that the other side took: so it has to read on, and not just a byte at times.
    [[nodiscard]] bool write(std::string_view text, std::chrono::nanoseconds& allowance);

    [[nodiscard]] bool is_peer_alive() const;

    /// Tells the other side that nothing more comes and reads what it still sends, so that the last answer is not
    /// lost to a reset. Keeps nothing.
    void close_gracefully(Deadline deadline);

    /// Makes every use of the socket, waiting ones too, end at once. The descriptor stays open.
    void shut_down() noexcept;

    /// Gives the descriptor back; the socket is not used any more. Not while another thread may shut it down.
    void close() noexcept { descriptor_.reset(); }

private:
    [[nodiscard]] bool wait_for(short events, Deadline deadline) const;

    base::FileDescriptor descriptor_;
};

}  // namespace approvekit::web
