#pragma once

#include <signal.h>

#include <array>
#include <stop_token>
#include <thread>

namespace approvekit::tools {

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a request to stop, so that a program ends in its own way. What its
/// starter had it ignore, as nohup does SIGHUP, stays ignored.
///
/// Blocks the signals in the calling thread and takes them in one of its own, so no code runs inside a handler.
/// To be made before any other thread, which would else take them.
class StopOnSignal {
public:
    /// Throws std::system_error when the system has no file or thread left.
    StopOnSignal();
    /// Gives the calling thread its signals back.
    ~StopOnSignal();

    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;

    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

    /// A file that poll() finds readable from the moment that stopping was asked for.
    [[nodiscard]] int file() const noexcept { return pipe_[0]; }

    /// As a signal does it. From any thread, any number of times.
    void stop() noexcept;

private:
    void wait_for_signal(const std::stop_token& ending);

    sigset_t signals_{};
    sigset_t before_{};
    std::array<int, 2> pipe_{-1, -1};
    std::stop_source source_;
    std::jthread waiter_;
};

}  // namespace approvekit::tools
