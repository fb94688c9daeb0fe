#pragma once

#include "stop_on_signal.hpp"

#include <array>
#include <streambuf>
#include <thread>

namespace approvekit::tools {

/// Reads a file that belongs to others, and ends early when the file `stop` becomes readable.
class InterruptibleInput final : public std::streambuf {
public:
    InterruptibleInput(int file, int stop) noexcept : file_(file), stop_(stop) {}

protected:
    int_type underflow() override;

private:
    int file_;
    int stop_;
    std::array<char, 4096> buffer_{};
};

/// Stops the program when nobody reads its output any more, even while it has no output.
class OutputWatch {
public:
    /// `output` is a file; `stop` must outlive this.
    OutputWatch(int output, StopOnSignal& stop);

private:
    std::jthread thread_;
};

}  // namespace approvekit::tools
