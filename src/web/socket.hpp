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

/// A bound address at which connections come in. Any thread may call stop(); one thread calls accept().
class Listener {
public:
    /// Throws Error (server), which says why the address is not available. Port 0 takes a free one.
    Listener(const std::string& host, std::uint16_t port);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// Returns the next connection, or nothing after stop(). While the process has no descriptor left for it, calls
    /// `make_room` again and again, which should free one.
    [[nodiscard]] std::optional<base::FileDescriptor> accept(const std::function<void()>& make_room);

    void stop() noexcept;

private:
    base::FileDescriptor socket_;
    base::FileDescriptor stop_reader_;
    base::FileDescriptor stop_writer_;
    std::uint16_t port_ = 0;
};

/// A connected socket. Every use of it ends by a deadline. One thread reads and writes; others may end it.
class Socket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Owns `descriptor`, which must be connected.
    explicit Socket(base::FileDescriptor descriptor);

    /// Returns how many bytes came: 0 if the other side has closed, nothing if the deadline passed or the connection is
    /// broken.
    [[nodiscard]] std::optional<std::size_t> read(std::span<char> buffer, Deadline deadline);

    /// Returns false if not everything could be sent. Takes the time that it waited for the other side off `allowance`,
    /// and adds a second for each 64 KiB that the other side took. So the other side has to keep reading, and not just
    /// a byte at times.
    [[nodiscard]] bool write(std::string_view text, std::chrono::nanoseconds& allowance);

    [[nodiscard]] bool is_peer_alive() const;

    /// Tells the other side that nothing more comes, and reads and drops what it still sends, so that a reset does not
    /// lose the last answer.
    void close_gracefully(Deadline deadline);

    /// Makes every use of the socket end at once, also those that wait. The descriptor stays open.
    void shut_down() noexcept;

    /// Gives the descriptor back. The socket must not be used any more. Not to be called while another thread may shut
    /// it down.
    void close() noexcept { descriptor_.reset(); }

private:
    [[nodiscard]] bool wait_for(short events, Deadline deadline) const;

    base::FileDescriptor descriptor_;
};

}  // namespace approvekit::web
