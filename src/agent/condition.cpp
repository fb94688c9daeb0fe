#include "agent/condition.hpp"

#ifdef __linux__

#include <cerrno>
#include <ctime>
#include <system_error>

namespace approvekit::detail {
namespace {

void check(int error, const char* what) {
    if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

::timespec as_timespec(std::chrono::steady_clock::time_point time) {
    const auto since_start = time.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since_start);
    const std::chrono::nanoseconds rest = since_start - seconds;
    return {static_cast<std::time_t>(seconds.count()), static_cast<long>(rest.count())};
}

}  // namespace

Condition::Condition() {
    ::pthread_condattr_t attributes;
    check(::pthread_condattr_init(&attributes), "pthread_condattr_init");
    ::pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    ::pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    const int error = ::pthread_cond_init(&condition_, &attributes);
    ::pthread_condattr_destroy(&attributes);
    check(error, "pthread_cond_init");
}

Condition::~Condition() {
    ::pthread_cond_destroy(&condition_);
}

void Condition::notify_all() noexcept {
    ::pthread_cond_broadcast(&condition_);
}

bool Condition::sleep_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline) {
    const ::timespec until = as_timespec(deadline);
    const int error = ::pthread_cond_timedwait(&condition_, lock.mutex()->native_handle(), &until);
    if (error == ETIMEDOUT) return false;
    check(error, "pthread_cond_timedwait");
    return true;
}

}  // namespace approvekit::detail

#endif
