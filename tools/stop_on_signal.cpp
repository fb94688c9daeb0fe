#include "stop_on_signal.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace approvekit::tools {
namespace {

bool is_ignored(int signal) noexcept {
    struct ::sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

StopOnSignal::StopOnSignal() {
    if (::pipe(pipe_.data()) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
    for (const int end : pipe_)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::sigemptyset(&signals_);
    ::sigaddset(&signals_, SIGTERM);  // which also ends the waiting thread
    for (const int signal : {SIGINT, SIGHUP, SIGQUIT})
        if (!is_ignored(signal)) ::sigaddset(&signals_, signal);
    ::pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    waiter_ = std::jthread([this](const std::stop_token& ending) { wait_for_signal(ending); });
}

StopOnSignal::~StopOnSignal() {
    waiter_.request_stop();
    ::pthread_kill(waiter_.native_handle(), SIGTERM);
    waiter_.join();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    for (const int end : pipe_)
        ::close(end);
}

void StopOnSignal::stop() noexcept {
    if (!source_.request_stop()) return;
    const char wake = 0;
    // The pipe is empty, so it accepts one byte. Nobody reads that byte, so every poll() is woken.
    [[maybe_unused]] const auto written = ::write(pipe_[1], &wake, 1);
}

void StopOnSignal::wait_for_signal(const std::stop_token& ending) {
    int signal = 0;
    if (::sigwait(&signals_, &signal) == 0 && !ending.stop_requested()) stop();
}

}  // namespace approvekit::tools
