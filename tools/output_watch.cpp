#include "output_watch.hpp"

#include <poll.h>

#include <array>

namespace approvekit::tools {
namespace {

constexpr int look_at_reader_milliseconds = 500;

void watch(const std::stop_token& ending, int output, StopOnSignal& stop) {
    // A file without wanted events reports only that its other end is gone.
    std::array<pollfd, 2> polled{pollfd{stop.file(), POLLIN, 0}, pollfd{output, 0, 0}};
    while (!ending.stop_requested() && polled[0].revents == 0) {
        ::poll(polled.data(), polled.size(), look_at_reader_milliseconds);
        if ((polled[1].revents & (POLLERR | POLLHUP)) != 0) return stop.stop();
    }
}

}  // namespace

OutputWatch::OutputWatch(int output, StopOnSignal& stop)
    : thread_([output, &stop](const std::stop_token& ending) { watch(ending, output, stop); }) {}

}  // namespace approvekit::tools
