#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>

namespace approvekit::base {

/// By what a change of a file is noticed without reading it. The time of the status cannot be set by anybody.
struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  ///< nanoseconds
    std::int64_t changed = 0;   ///< nanoseconds
    bool operator==(const FileMark&) const = default;
};

[[nodiscard]] FileMark file_mark_of(const struct ::stat& status) noexcept;

/// The coarsest times of file systems: two changes within it may leave the same mark.
inline constexpr std::chrono::seconds longest_file_tick{2};

}  // namespace approvekit::base
