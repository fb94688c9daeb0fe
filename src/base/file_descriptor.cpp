#include "base/file_descriptor.hpp"

#include <cerrno>

#include <unistd.h>

namespace approvekit::base {

void FileDescriptor::reset() noexcept {
    if (number_ < 0) return;
    const int saved = errno;
    // Not repeated on EINTR: the number is free by then and may already be somebody else's.
    ::close(number_);
    errno = saved;
    number_ = -1;
}

}  // namespace approvekit::base
