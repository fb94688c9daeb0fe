#include "base/file_descriptor.hpp"

#include <cerrno>

#include <unistd.h>

namespace approvekit::base {

void FileDescriptor::reset() noexcept {
    if (number_ < 0) return;
    const int saved = errno;
    // Do not repeat on EINTR: the number is free by then, and somebody else may already own it.
    ::close(number_);
    errno = saved;
    number_ = -1;
}

std::optional<std::size_t> read_up_to(int file, std::span<std::byte> bytes) noexcept {
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ::ssize_t count = ::read(file, bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    return size;
}

}  // namespace approvekit::base
