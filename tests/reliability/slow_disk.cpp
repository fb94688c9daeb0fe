#include "slow_disk.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace approvekit::testing {
namespace {

// A function that replaces one of the C library has no object, so this is a variable of the file.
std::atomic<bool> slow{false};

void linger() {
    if (!slow) return;
    const int saved = errno;
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    thread_local std::minstd_rand random{static_cast<unsigned>(now ^ ::getpid())};
    // Mostly no delay, sometimes a longer one than a whole commit takes.
    const auto chance = random() % 16;
    if (chance == 0) std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    if (chance < 4) std::this_thread::yield();
    errno = saved;
}

template <typename... Arguments>
int call_slowly(long number, Arguments... arguments) {
    linger();
    const auto result = static_cast<int>(::syscall(number, arguments...));
    linger();
    return result;
}

int control(int file, int command, void* argument) {
    const bool locks = command == F_SETLK || command == F_OFD_SETLK;
    if (locks) return call_slowly(SYS_fcntl, file, command, argument);
    return static_cast<int>(::syscall(SYS_fcntl, file, command, argument));
}

}  // namespace

SlowDisk::SlowDisk() noexcept {
    slow = true;
}

SlowDisk::~SlowDisk() {
    slow = false;
}

}  // namespace approvekit::testing

extern "C" int fsync(int file) {
    return approvekit::testing::call_slowly(SYS_fsync, file);
}

extern "C" int fdatasync(int file) {
    return approvekit::testing::call_slowly(SYS_fdatasync, file);
}

extern "C" int fcntl(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    return approvekit::testing::control(file, command, argument);
}

extern "C" int fcntl64(int file, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void* const argument = va_arg(arguments, void*);
    va_end(arguments);
    return approvekit::testing::control(file, command, argument);
}
