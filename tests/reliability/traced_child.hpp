#pragma once

#include <functional>
#include <optional>
#include <stdexcept>

#include <sys/types.h>

namespace approvekit::testing {

/// A fork of this process that runs a function and is stopped at each of its system calls, as strace does, so that it
/// can be killed at exactly one of them. It is killed at the latest when this object is destroyed.
///
/// Fork it from a process with one thread and no open database.
class TracedChild {
public:
    explicit TracedChild(const std::function<void()>& body);
    ~TracedChild();
    TracedChild(const TracedChild&) = delete;
    TracedChild& operator=(const TracedChild&) = delete;

    /// Lets it run and kills it at the start of its n-th system call (from 1, including those of its threads) for which
    /// `counts` holds. Returns the number of that system call, or nothing if the child finished before.
    ///
    /// Throws std::runtime_error if it ended in any way other than by returning from its function.
    std::optional<long> kill_at(int nth, const std::function<bool()>& counts);

private:
    void start() const;
    void resume(::pid_t thread, int signal) const;

    ::pid_t pid_;
    bool ended_ = false;
};

}  // namespace approvekit::testing
