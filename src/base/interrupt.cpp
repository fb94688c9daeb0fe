#include "base/interrupt.hpp"

#include "approvekit/error.hpp"

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/eventfd.h>
#endif

namespace approvekit::base {
namespace {

[[noreturn]] void fail(int error) {
    throw StorageError(ErrorCode::storage_io,
                       "cannot watch the database for changes: " + std::generic_category().message(error) +
                           ": close files or raise the limit of open files");
}

#ifndef __linux__
FileDescriptor make_private(int file) {
    ::fcntl(file, F_SETFD, FD_CLOEXEC);
    ::fcntl(file, F_SETFL, O_NONBLOCK);
    return FileDescriptor(file);
}
#endif

}  // namespace

Interrupt::Interrupt() {
#ifdef __linux__
    reader_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!reader_) fail(errno);
#else
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) fail(errno);
    reader_ = make_private(ends[0]);
    writer_ = make_private(ends[1]);
#endif
}

void Interrupt::raise() noexcept {
    const int saved = errno;
    const std::uint64_t one = 1;
    // The write fails only if the counter is full, and then the flag is already raised.
    [[maybe_unused]] const auto written = ::write(writer_ ? writer_.get() : reader_.get(), &one, sizeof one);
    errno = saved;
}

bool Interrupt::clear() noexcept {
    std::uint64_t count = 0;
    bool raised = false;
    while (::read(reader_.get(), &count, sizeof count) > 0)
        raised = true;
    return raised;
}

}  // namespace approvekit::base
