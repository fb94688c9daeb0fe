#pragma once

#include <array>
#include <streambuf>

namespace approvekit::tools {

/// Reads a file that others own, and comes to its end early when the file `stop` becomes readable.
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

}  // namespace approvekit::tools
