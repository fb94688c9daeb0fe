#pragma once

#include "support/owned_file.hpp"
#include "support/pseudo_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

extern char** environ;

namespace approvekit::testing {

/// A program that a test runs, with its three streams controlled by the test. Killed and reaped when this is destroyed.
/// Every function that waits throws std::runtime_error, with what the program has printed so far, if its deadline
/// passes.
class ChildProcess {
public:
    using Milliseconds = std::chrono::milliseconds;

    struct Options {
        std::vector<std::string> environment;  ///< "NAME=value" sets, "NAME" removes; the rest is inherited
        bool terminal = false;                 ///< input and output are a terminal, where Ctrl+C works
        unsigned short rows = 0;               ///< of the terminal; 0 if it does not know
        unsigned short columns = 0;
    };

    static constexpr Milliseconds patience{60000};

    explicit ChildProcess(std::vector<std::string> command) : ChildProcess(std::move(command), Options()) {}

    ChildProcess(std::vector<std::string> command, const Options& options) {
        // if a program is gone, write() must throw and not end the tests
        std::signal(SIGPIPE, SIG_IGN);
        auto [error_end, error] = make_pipe();
        error_ = std::move(error_end);
        if (options.terminal) {
            start_in_terminal(command, options, error);
        } else {
            start_in_pipes(command, options, error);
        }
    }

    ~ChildProcess() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return pid_; }
    [[nodiscard]] const std::string& output() const noexcept { return output_text_; }
    [[nodiscard]] const std::string& error_output() const noexcept { return error_text_; }

    void write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t written = ::write(input_.get(), text.data(), text.size());
            if (written < 0) throw std::system_error(errno, std::generic_category(), "cannot write to the program");
            text.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void close_input() { input_.close(); }

    /// As if the program behind a pipe went away.
    void close_output() { output_.close(); }

    /// Gives the terminal a size.
    void resize(unsigned short rows, unsigned short columns) {
        const winsize size{rows, columns, 0, 0};
        if (::ioctl(output_.get(), TIOCSWINSZ, &size) != 0) {
            throw std::system_error(errno, std::generic_category(), "the terminal cannot be resized");
        }
    }

    /// Lets the terminal collect lines and show what is typed, as a shell does when it takes the terminal back.
    void cook_terminal() {
        termios mode{};
        if (::tcgetattr(terminal_.get(), &mode) != 0)
            throw std::system_error(errno, std::generic_category(), "tcgetattr");
        mode.c_lflag |= static_cast<tcflag_t>(ICANON | ECHO);
        if (::tcsetattr(terminal_.get(), TCSANOW, &mode) != 0) {
            throw std::system_error(errno, std::generic_category(), "the terminal cannot be set");
        }
    }

    /// Also works after the program has ended.
    [[nodiscard]] bool has_cooked_terminal() const {
        constexpr tcflag_t cooked = ICANON | ECHO;
        termios mode{};
        return ::tcgetattr(terminal_.get(), &mode) == 0 && (mode.c_lflag & cooked) == cooked;
    }

    void send_signal(int signal) const { ::kill(pid_, signal); }

    /// Whether a signal has stopped it.
    [[nodiscard]] bool is_stopped() const {
        siginfo_t state{};
        const int options = WSTOPPED | WNOHANG | WNOWAIT;
        return ::waitid(P_PID, static_cast<id_t>(pid_), &state, options) == 0 && state.si_pid == pid_;
    }

    /// Whether the output contains `text` so far.
    [[nodiscard]] bool has_said(std::string_view text) {
        while (read_some(Milliseconds(0))) {
        }
        return output_text_.find(text) != std::string::npos;
    }

    /// Reads until the output, from its start or from offset `from`, contains `text`.
    void wait_for_output(std::string_view text, std::size_t from = 0, Milliseconds deadline = patience) {
        wait_for(
            deadline, [&] { return output_text_.find(text, from) != std::string::npos; },
            "the output '" + std::string(text) + "'");
    }

    void wait_for_error_output(std::string_view text, Milliseconds deadline = patience) {
        wait_for(
            deadline, [&] { return error_text_.find(text) != std::string::npos; },
            "the error output '" + std::string(text) + "'");
    }

    /// Waits for the end and returns the exit code, or 128 + the signal that ended it.
    int wait(Milliseconds deadline = patience) {
        wait_for(
            deadline, [&] { return has_ended(); }, "the end");
        while (read_some(Milliseconds(0))) {
        }
        return exit_code_;
    }

private:
    using Clock = std::chrono::steady_clock;

    static std::pair<OwnedFile, OwnedFile> make_pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
        return {OwnedFile(ends[0]), OwnedFile(ends[1])};
    }

    void start_in_pipes(const std::vector<std::string>& command, const Options& options, const OwnedFile& error) {
        auto [input, input_end] = make_pipe();
        auto [output_end, output] = make_pipe();
        spawn(command, options, {input.get(), output.get(), error.get()}, 0);
        input_ = std::move(input_end);
        output_ = std::move(output_end);
    }

    void start_in_terminal(const std::vector<std::string>& command, const Options& options, const OwnedFile& error) {
        PseudoTerminal terminal;
        const std::string path = terminal.path();
        const winsize size{options.rows, options.columns, 0, 0};
        ::ioctl(terminal.theirs().get(), TIOCSWINSZ, &size);
        spawn(command, options, {-1, terminal.theirs().get(), error.get()}, POSIX_SPAWN_SETSID, path.c_str());
        input_ = OwnedFile(::fcntl(terminal.ours().get(), F_DUPFD_CLOEXEC, 0));
        output_ = std::move(terminal.ours());
        terminal_ = OwnedFile(::fcntl(terminal.theirs().get(), F_DUPFD_CLOEXEC, 0));
    }

    /// `terminal`, if the leader of a new session opens it, becomes the terminal that sends it SIGINT.
    void spawn(const std::vector<std::string>& command, const Options& options, std::array<int, 3> streams, short flags,
               const char* terminal = nullptr) {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        if (terminal != nullptr) ::posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0);
        for (int stream = terminal == nullptr ? 0 : 1; stream < 3; ++stream) {
            ::posix_spawn_file_actions_adddup2(&actions, streams[static_cast<std::size_t>(stream)], stream);
        }
        posix_spawnattr_t attributes;
        ::posix_spawnattr_init(&attributes);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        for (const int signal : {SIGPIPE, SIGINT, SIGHUP, SIGQUIT})
            ::sigaddset(&signals, signal);
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setflags(&attributes,
                                   static_cast<short>(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
        auto environment = merged_environment(options.environment);
        auto arguments = command;
        const int failure = ::posix_spawnp(&pid_, command.at(0).c_str(), &actions, &attributes,
                                           pointers(arguments).data(), pointers(environment).data());
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
        if (failure != 0) throw std::system_error(failure, std::generic_category(), "cannot start " + command.at(0));
    }

    static std::vector<std::string> merged_environment(const std::vector<std::string>& changes) {
        const auto name = [](std::string_view entry) { return entry.substr(0, entry.find('=')); };
        std::vector<std::string> merged;
        for (char** entry = environ; *entry != nullptr; ++entry) {
            bool is_changed = false;
            for (const std::string& change : changes)
                is_changed = is_changed || name(change) == name(*entry);
            if (!is_changed) merged.emplace_back(*entry);
        }
        for (const std::string& change : changes)
            if (change.find('=') != std::string::npos) merged.push_back(change);
        return merged;
    }

    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> result;
        for (std::string& text : texts)
            result.push_back(text.data());
        result.push_back(nullptr);
        return result;
    }

    template <typename Condition>
    void wait_for(Milliseconds deadline, Condition condition, const std::string& what) {
        const auto end = Clock::now() + deadline;
        while (!condition()) {
            if (Clock::now() > end) {
                throw std::runtime_error("the program did not come to " + what + "; it said:\n" + output_text_ +
                                         error_text_);
            }
            read_some(Milliseconds(5));
        }
    }

    bool has_ended() {
        if (pid_ < 0) return true;
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
        exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        pid_ = -1;
        return true;
    }

    /// Reads what comes within `longest`. Returns false if there was nothing.
    bool read_some(Milliseconds longest) {
        std::array<pollfd, 2> polled{pollfd{output_.get(), POLLIN, 0}, pollfd{error_.get(), POLLIN, 0}};
        if (!output_.is_open() && !error_.is_open()) {
            std::this_thread::sleep_for(longest);
            return false;
        }
        ::poll(polled.data(), polled.size(), static_cast<int>(longest.count()));
        const bool had_output = polled[0].revents != 0 && take(output_, output_text_);
        const bool had_errors = polled[1].revents != 0 && take(error_, error_text_);
        return had_output || had_errors;
    }

    static bool take(OwnedFile& file, std::string& text) {
        std::array<char, 65536> buffer;
        const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
        if (size <= 0) {
            file.close();
            return false;
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
        return true;
    }

    pid_t pid_ = -1;
    int exit_code_ = -1;
    OwnedFile input_;
    OwnedFile output_;
    OwnedFile error_;
    OwnedFile terminal_;  // the program's end, kept so that it can be examined after the program has gone
    std::string output_text_;
    std::string error_text_;
};

/// What a finished program has left.
struct FinishedProcess {
    int exit_code = -1;
    std::string output;
    std::string error_output;
};

/// Runs `command` until it ends, with `input` as its whole input.
inline FinishedProcess run(std::vector<std::string> command, std::string_view input = {},
                           const ChildProcess::Options& options = {}) {
    ChildProcess child(std::move(command), options);
    child.write(input);
    child.close_input();
    const int exit_code = child.wait();
    return {exit_code, child.output(), child.error_output()};
}

}  // namespace approvekit::testing
