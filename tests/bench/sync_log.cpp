#include "sync_log.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

namespace approvekit::bench {
namespace {

// A function that replaces one of the C library has no object, so these are variables of the file.
std::mutex mutex;
bool counting = false;
SyncLog::Counts counted;

std::string kind_of(int file) {
    std::error_code ignored;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), ignored);
    const std::string name = path.filename().string();
    const auto mark = name.rfind('-');
    if (mark != std::string::npos && path.extension().string().find('-') != std::string::npos) return name.substr(mark);
    return path.has_extension() ? path.extension().string() : "directory";
}

void note(int file) {
    const std::lock_guard lock(mutex);
    if (counting) ++counted[kind_of(file)];
}

}  // namespace

void SyncLog::start() {
    const std::lock_guard lock(mutex);
    counted.clear();
    counting = true;
}

SyncLog::Counts SyncLog::stop() {
    const std::lock_guard lock(mutex);
    counting = false;
    return std::exchange(counted, {});
}

}  // namespace approvekit::bench

extern "C" int fsync(int file) {
    approvekit::bench::note(file);
    return static_cast<int>(::syscall(SYS_fsync, file));
}

extern "C" int fdatasync(int file) {
    approvekit::bench::note(file);
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}
