#pragma once

#include <cstddef>

namespace approvekit::record {

/// Knows when a page is full: at the wanted number of rows, or before when those are so large that holding many of
/// them in memory would hurt. A text that is larger than a page has no place in one.
class PageSize {
public:
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    explicit PageSize(std::size_t wanted_rows) noexcept : rows_left_(wanted_rows) {}

    [[nodiscard]] bool is_full() const noexcept { return rows_left_ == 0 || bytes_ >= most_bytes; }

    void add_row(std::size_t bytes) noexcept {
        --rows_left_;
        bytes_ += bytes;
    }

    /// What belongs to the last row, and is kept elsewhere.
    void add_bytes(std::size_t bytes) noexcept { bytes_ += bytes; }

private:
    std::size_t rows_left_;
    std::size_t bytes_ = 0;
};

}  // namespace approvekit::record
