#pragma once

#include "web/socket.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace approvekit::web {

/// A bound address where connections come in. stop() may be called by any thread, accept() by one.
class Listener {
public:
    /// Throws Error (server) that says why the address cannot be had. Port 0 takes a free one.
    Listener(const std::string& host, std::uint16_t port);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    /// The next connection; nothing after stop(). While the process has no descriptor left for it, `make_room` is
    /// called again and again, which is to free one.
    [[nodiscard]] std::optional<FileDescriptor> accept(const std::function<void()>& make_room);

    void stop() noexcept;

private:
    FileDescriptor socket_;
    FileDescriptor stop_reader_;
    FileDescriptor stop_writer_;
    std::uint16_t port_ = 0;
};

}  // namespace approvekit::web
