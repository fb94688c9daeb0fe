#include "standard_streams.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace approvekit::tools {
namespace {

/// Whether `file` can be read before `stop` can.
bool wait_until_readable(int file, int stop) {
    std::array<pollfd, 2> polled{pollfd{stop, POLLIN, 0}, pollfd{file, POLLIN, 0}};
    while (::poll(polled.data(), polled.size(), -1) < 0) {
        if (errno != EINTR) return false;
    }
    return polled[0].revents == 0;
}

constexpr int look_at_reader_milliseconds = 500;

void watch(const std::stop_token& ending, int output, StopOnSignal& stop) {
    // Without requested events, poll() only reports that the other end is closed.
    std::array<pollfd, 2> polled{pollfd{stop.file(), POLLIN, 0}, pollfd{output, 0, 0}};
    while (!ending.stop_requested() && polled[0].revents == 0) {
        ::poll(polled.data(), polled.size(), look_at_reader_milliseconds);
        if ((polled[1].revents & (POLLERR | POLLHUP)) != 0) return stop.stop();
    }
}

}  // namespace

InterruptibleInput::int_type InterruptibleInput::underflow() {
    ssize_t size = -1;
    do {
        if (!wait_until_readable(file_, stop_)) return traits_type::eof();
        size = ::read(file_, buffer_.data(), buffer_.size());
    } while (size < 0 && (errno == EINTR || errno == EAGAIN));
    if (size <= 0) return traits_type::eof();
    setg(buffer_.data(), buffer_.data(), buffer_.data() + size);
    return traits_type::to_int_type(*gptr());
}

OutputWatch::OutputWatch(int output, StopOnSignal& stop)
    : thread_([output, &stop](const std::stop_token& ending) { watch(ending, output, stop); }) {}

}  // namespace approvekit::tools
