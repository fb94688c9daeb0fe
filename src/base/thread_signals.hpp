#pragma once

#include <csignal>

#include <pthread.h>

namespace approvekit::base {

/// For the calling thread, one of ours. The program's signals are for its own threads. Faults stay deliverable, so that
/// they are reported as such.
inline void leave_signals_to_others() noexcept {
    ::sigset_t signals;
    ::sigfillset(&signals);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
        ::sigdelset(&signals, fault);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace approvekit::base
