#pragma once

#include <csignal>

#include <pthread.h>

namespace approvekit::base {

/// Call this in every thread that the library starts: the program's signals belong to the program's own threads.
/// Signals for faults are not blocked, so that faults are still reported as such.
inline void leave_signals_to_others() noexcept {
    ::sigset_t signals;
    ::sigfillset(&signals);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
        ::sigdelset(&signals, fault);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace approvekit::base
