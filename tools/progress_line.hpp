#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace approvekit::tools {

/// Counts on one line of a terminal while something takes long, and wipes it at the end. Silent elsewhere.
class ProgressLine {
public:
    /// `what` is counted: "entries checked".
    ProgressLine(int file, std::string what);
    ~ProgressLine();

    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(std::int64_t count);

private:
    using Clock = std::chrono::steady_clock;

    int file_;
    std::string what_;
    bool is_terminal_;
    bool is_shown_ = false;
    Clock::time_point next_;
};

}  // namespace approvekit::tools
