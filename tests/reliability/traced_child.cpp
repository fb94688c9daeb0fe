#include "traced_child.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace approvekit::testing {
namespace {

constexpr int system_call_stop = SIGTRAP | 0x80;

void* as_pointer(std::size_t number) noexcept {
    return reinterpret_cast<void*>(number);
}

/// Asks the kernel through the C library's wrapper, which has its own enumeration of requests.
long trace(__ptrace_request request, ::pid_t thread, std::size_t address = 0, void* data = nullptr) noexcept {
    return ::ptrace(request, thread, as_pointer(address), data);
}

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void run_traced(const std::function<void()>& body) {
    ::setpgid(0, 0);
    if (trace(PTRACE_TRACEME, 0) != 0) ::_exit(97);
    ::raise(SIGSTOP);
    try {
        body();
        ::_exit(0);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        ::_exit(98);
    }
}

/// The number of the system call that this thread is about to make.
std::optional<long> entered(::pid_t thread) {
    __ptrace_syscall_info info{};
    if (trace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return std::nullopt;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return std::nullopt;
    return static_cast<long>(info.entry.nr);
}

/// The signal that a stopped thread must get when it continues.
int signal_to_pass(int status) noexcept {
    const int signal = WSTOPSIG(status);
    const bool is_event = (status >> 16) != 0;
    return is_event || signal == system_call_stop || signal == SIGSTOP ? 0 : signal;
}

}  // namespace

TracedChild::TracedChild(const std::function<void()>& body) : pid_(::fork()) {
    if (pid_ < 0) fail("fork");
    if (pid_ == 0) run_traced(body);
    start();
}

TracedChild::~TracedChild() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, __WALL);
}

void TracedChild::start() const {
    int status = 0;
    if (::waitpid(pid_, &status, 0) != pid_ || !WIFSTOPPED(status)) {
        throw std::runtime_error("this system does not let a process trace its child");
    }
    constexpr std::size_t options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    if (trace(PTRACE_SETOPTIONS, pid_, 0, as_pointer(options)) != 0) fail("ptrace");
}

void TracedChild::resume(::pid_t thread, int signal) const {
    // A thread that was killed in the meantime cannot continue.
    if (trace(PTRACE_SYSCALL, thread, 0, as_pointer(static_cast<std::size_t>(signal))) != 0 && errno != ESRCH) {
        fail("ptrace");
    }
}

std::optional<long> TracedChild::kill_at(int nth, const std::function<bool()>& counts) {
    std::optional<long> killed_at;
    resume(pid_, 0);
    while (true) {
        int status = 0;
        const ::pid_t thread = ::waitpid(-pid_, &status, __WALL);
        if (thread < 0) fail("waitpid");
        if (WIFSTOPPED(status)) {
            const auto call = WSTOPSIG(status) == system_call_stop ? entered(thread) : std::nullopt;
            if (call && !killed_at && counts() && --nth == 0) {
                killed_at = call;
                ::kill(pid_, SIGKILL);
            } else {
                resume(thread, signal_to_pass(status));
            }
        } else if (thread == pid_) {
            ended_ = true;
            const bool as_wanted = killed_at ? WIFSIGNALED(status) : WIFEXITED(status) && WEXITSTATUS(status) == 0;
            if (as_wanted) return killed_at;
            throw std::runtime_error("the traced process ended by itself, with status " + std::to_string(status));
        }
    }
}

}  // namespace approvekit::testing
