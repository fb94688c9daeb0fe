#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>

namespace approvekit::base {

/// Shows whether a file has changed without reading it. Nobody can set the time of its last status change.
struct FileMark {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t modified = 0;  ///< of the content, in nanoseconds
    std::int64_t changed = 0;   ///< of the status, in nanoseconds
    bool operator==(const FileMark&) const = default;
};

[[nodiscard]] FileMark file_mark_of(const struct ::stat& status) noexcept;

/// The coarsest timestamps that file systems use: two changes within this time may leave the same mark.
inline constexpr std::chrono::seconds longest_file_tick{2};

}  // namespace approvekit::base
