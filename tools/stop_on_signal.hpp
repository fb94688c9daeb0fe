#pragma once

#include <signal.h>

#include <array>
#include <stop_token>
#include <thread>

namespace approvekit::tools {

/// Turns SIGINT, SIGTERM, SIGHUP and SIGQUIT into a request to stop, so that a program can shut down in its own way.
/// Signals that were ignored at the start, as SIGHUP under nohup, stay ignored.
///
/// Blocks the signals in the calling thread and receives them in its own thread, so no code runs inside a signal
/// handler. Create it before any other thread, which would otherwise receive the signals.
class StopOnSignal {
public:
    /// Throws std::system_error when no file descriptor or thread is available.
    StopOnSignal();
    /// Restores the signals of the calling thread.
    ~StopOnSignal();

    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;

    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

    /// A file descriptor that poll() reports readable once a stop was requested.
    [[nodiscard]] int file() const noexcept { return pipe_[0]; }

    /// Requests a stop as a signal does. May be called from any thread, any number of times.
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
