#include "enter_key.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>

namespace approvekit::tools {
namespace {

/// The maximum time to notice that the program has come to the foreground, since no event reports it.
constexpr std::chrono::milliseconds look_period{500};
constexpr int nothing = -1;  ///< no file, no more input

/// The system stops a process that reads in the background.
bool is_in_foreground() {
    return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

/// Whether `stop` became readable; otherwise `input` may have.
bool wait_for(int stop, int input, std::chrono::milliseconds longest) {
    std::array<pollfd, 2> wanted{pollfd{stop, POLLIN, 0}, pollfd{input, POLLIN, 0}};
    return ::poll(wanted.data(), wanted.size(), static_cast<int>(longest.count())) > 0 && wanted[0].revents != 0;
}

/// How often Enter was pressed; `nothing` when no more will come.
std::ptrdiff_t read_presses() {
    std::array<char, 256> typed{};
    const ssize_t size = ::read(STDIN_FILENO, typed.data(), typed.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
    return size <= 0 ? nothing : std::count(typed.begin(), typed.begin() + size, '\n');
}

bool has_input() {
    pollfd wanted{STDIN_FILENO, POLLIN, 0};
    return ::poll(&wanted, 1, 0) > 0;
}

}  // namespace

bool has_enter_key() {
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

void answer_enter_key(int stop, const std::function<void()>& pressed) {
    bool listens = pressed && has_enter_key();
    for (;;) {
        const bool reads = listens && is_in_foreground();
        const auto longest = listens && !reads ? look_period : std::chrono::milliseconds(-1);
        if (wait_for(stop, reads ? STDIN_FILENO : nothing, longest)) return;
        if (!reads || !has_input() || !is_in_foreground()) continue;
        const std::ptrdiff_t presses = read_presses();
        listens = presses != nothing;
        if (presses > 0) pressed();
    }
}

}  // namespace approvekit::tools
