#pragma once

namespace approvekit::testing {

/// While this exists, every sync and every lock of a file by this process, and by the children that it forks, takes a
/// random time before and after it. So processes meet at moments that otherwise last for nanoseconds.
///
/// It replaces fsync(), fdatasync() and fcntl() of the C library, so it sees the calls of every library.
class SlowDisk {
public:
    SlowDisk() noexcept;
    ~SlowDisk();
    SlowDisk(const SlowDisk&) = delete;
    SlowDisk& operator=(const SlowDisk&) = delete;
};

}  // namespace approvekit::testing
