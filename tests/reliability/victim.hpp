#pragma once

#include "busy_processes.hpp"

#include "support/eventually.hpp"
#include "support/forked_child.hpp"

#include <chrono>
#include <csignal>
#include <functional>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <sys/wait.h>

namespace approvekit::testing {

/// A busy process that is started again after each death.
///
/// Each start has a name of its own, the victim's and how often it was started. The number of the process would not do:
/// the system gives it again, in a long campaign to two starts of one file.
class Victim {
public:
    /// What it does, told the name of the start.
    using Body = std::function<void(const std::string&, Progress&)>;

    /// `name` differs from those of all other victims at the same file.
    Victim(std::string name, Body body) : name_(std::move(name)), body_(std::move(body)) {}

    /// Returns when it has finished something.
    void start() {
        if (child_) return;
        progress_->finished = 0;
        const std::string name = name_ + "-" + std::to_string(++starts_);
        child_.emplace([&](const ForkedChild::Report& report) {
            report();
            run(name);
        });
        wait_for_work();
    }

    /// Returns when it has finished something more.
    void work_on() {
        progress_->finished = 0;
        wait_for_work();
    }

    void kill() {
        child_->kill();
        const int end = child_->wait();
        child_.reset();
        if (end != -SIGKILL) throw std::runtime_error(name_ + " ended by itself, with " + std::to_string(end));
        ++kills_;
    }

    [[nodiscard]] int kills() const noexcept { return kills_; }

private:
    /// For how long nothing at all moves in a process before it counts as stuck. What it has to do may take as long as
    /// it likes: on a busy machine, in a long record, that is long.
    static constexpr std::chrono::minutes patience{2};

    void run(const std::string& name) {
        try {
            body_(name, *progress_);
        } catch (const std::exception& error) {
            std::cerr << name << ": " << error.what() << '\n';
            throw;
        }
    }

    void wait_for_work() {
        while (progress_->finished == 0) {
            const auto seen = progress_->moves.load();
            const auto has_news = [&] { return progress_->finished > 0 || progress_->moves != seen || has_ended(); };
            if (!eventually(has_news, patience)) throw std::runtime_error(name_ + " does not get to work");
            if (has_ended()) throw std::runtime_error(name_ + " ended before it got to work");
        }
    }

    [[nodiscard]] bool has_ended() const noexcept {
        siginfo_t end{};
        const auto pid = static_cast<::id_t>(child_->pid());
        return ::waitid(P_PID, pid, &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid != 0;
    }

    std::string name_;
    Body body_;
    SharedMemory<Progress> progress_;
    std::optional<ForkedChild> child_;
    int starts_ = 0;
    int kills_ = 0;
};

}  // namespace approvekit::testing
