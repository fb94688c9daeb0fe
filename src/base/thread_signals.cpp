#include "base/thread_signals.hpp"

#include <csignal>

#include <pthread.h>

namespace approvekit::base {

void leave_signals_to_others() noexcept {
    ::sigset_t signals;
    ::sigfillset(&signals);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS})
        ::sigdelset(&signals, fault);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace approvekit::base
