#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <pthread.h>

namespace approvekit::detail {

#ifdef __linux__

/// What std::condition_variable is, for very many sleepers.
///
/// Linux 6.16 and later keep the sleepers of a process in a few lists (16 on a machine with two processors), where it
/// takes more than half a millisecond to find one among 10,000. Those whom other processes might wake are kept in the
/// large table of the whole system, so these sleep as if they were.
class Condition {
public:
    Condition();
    ~Condition();

    Condition(const Condition&) = delete;
    Condition& operator=(const Condition&) = delete;

    void notify_all() noexcept;

    template <typename Predicate>
    void wait_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline,
                    Predicate predicate) {
        while (!predicate() && sleep_until(lock, deadline)) {
        }
    }

private:
    /// False when the deadline passed. Throws std::system_error when the system cannot let a thread sleep.
    bool sleep_until(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point deadline);

    ::pthread_cond_t condition_;
};

#else

using Condition = std::condition_variable;

#endif

}  // namespace approvekit::detail
