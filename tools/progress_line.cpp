#include "progress_line.hpp"

#include <unistd.h>

#include <utility>

namespace approvekit::tools {
namespace {

constexpr std::chrono::milliseconds interval(200);

void write(int file, const std::string& text) {
    // Nothing depends on whether progress could be shown.
    [[maybe_unused]] const auto written = ::write(file, text.data(), text.size());
}

}  // namespace

ProgressLine::ProgressLine(int file, std::string what)
    : file_(file), what_(std::move(what)), is_terminal_(::isatty(file) == 1), next_(Clock::now() + interval) {}

ProgressLine::~ProgressLine() {
    if (is_shown_) write(file_, "\r\x1b[K");
}

void ProgressLine::show(std::int64_t count) {
    if (!is_terminal_ || Clock::now() < next_) return;
    write(file_, "\r" + std::to_string(count) + " " + what_);
    is_shown_ = true;
    next_ = Clock::now() + interval;
}

}  // namespace approvekit::tools
