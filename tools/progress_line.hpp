#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace approvekit::tools {

/// Shows a counter on one line of a terminal during a long operation, and clears the line at the end. Prints nothing if
/// there is no terminal.
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
