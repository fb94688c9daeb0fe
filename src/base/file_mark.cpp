#include "base/file_mark.hpp"

namespace approvekit::base {
namespace {

std::int64_t nanoseconds_of(const ::timespec& time) noexcept {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

FileMark file_mark_of(const struct ::stat& status) noexcept {
#ifdef __APPLE__
    const ::timespec modified = status.st_mtimespec;
    const ::timespec changed = status.st_ctimespec;
#else
    const ::timespec modified = status.st_mtim;
    const ::timespec changed = status.st_ctim;
#endif
    return {.device = static_cast<std::uint64_t>(status.st_dev),
            .inode = static_cast<std::uint64_t>(status.st_ino),
            .size = static_cast<std::int64_t>(status.st_size),
            .modified = nanoseconds_of(modified),
            .changed = nanoseconds_of(changed)};
}

}  // namespace approvekit::base
