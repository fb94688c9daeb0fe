#pragma once

#include "support/sanitized.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

/// Whether all other threads of this process sleep.
inline bool do_other_threads_sleep() {
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
        if (task.path().filename() == std::to_string(::gettid())) continue;
        std::ifstream file(task.path() / "stat");
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto name_end = text.rfind(')');  // "17 (a name) S ..."
        if (name_end != std::string::npos && text.compare(name_end, 3, ") S") != 0) return false;
    }
    return true;
}

/// In a child that is forked while another thread is in the address sanitizer's allocator, that allocator may stay
/// locked. So children are forked while the other threads sleep, except those that allocate nothing.
enum class ForkTime { when_others_sleep, at_once };

inline ::pid_t fork_test(ForkTime time) {
    if (approvekit::testing::has_address_sanitizer && time != ForkTime::at_once) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(2);
        while (!do_other_threads_sleep() && std::chrono::steady_clock::now() < patience)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return ::fork();
}

/// A fork of the test that runs a function. It is killed and reaped at the latest when this object is destroyed.
class ForkedChild {
public:
    /// Lets the child send its parent a number, once. The parent's constructor waits for it.
    class Report {
    public:
        explicit Report(int pipe) : pipe_(pipe) {}
        void operator()(int number = 0) const {
            if (::write(pipe_, &number, sizeof number) != sizeof number) ::_exit(99);
        }

    private:
        int pipe_;
    };

    /// Runs body(report) in the child, which then exits with 0, or with 98 if body throws.
    template <typename Body>
    explicit ForkedChild(Body body, ForkTime time = ForkTime::when_others_sleep) {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
        pid_ = fork_test(time);
        if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
        if (pid_ == 0) {
            ::close(pipe[0]);
            ::_exit(run(std::move(body), Report(pipe[1])));
        }
        ::close(pipe[1]);
        const bool reported = ::read(pipe[0], &reported_, sizeof reported_) == sizeof reported_;
        ::close(pipe[0]);
        if (!reported)
            throw std::runtime_error("the child ended with " + std::to_string(wait()) + " before it reported");
    }

    ~ForkedChild() {
        if (pid_ > 0) {
            kill();
            wait();
        }
    }

    ForkedChild(const ForkedChild&) = delete;
    ForkedChild& operator=(const ForkedChild&) = delete;

    [[nodiscard]] ::pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] int reported() const noexcept { return reported_; }

    /// Until wait(), the system still lists the dead child.
    void kill() const noexcept { ::kill(pid_, SIGKILL); }

    /// Returns the exit status, or minus the signal that ended it.
    int wait() noexcept {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    /// Waits until the child stops itself. Returns whether it did.
    [[nodiscard]] bool wait_for_stop() const noexcept {
        int status = 0;
        return ::waitpid(pid_, &status, WUNTRACED) == pid_ && WIFSTOPPED(status);
    }

    /// For bodies that must live until they are killed.
    [[noreturn]] static void linger() {
        for (;;)
            ::pause();
    }

private:
    template <typename Body>
    static int run(Body body, Report report) {
        try {
            body(report);
            return 0;
        } catch (const std::exception&) {
            return 98;
        }
    }

    ::pid_t pid_ = -1;
    int reported_ = 0;
};
