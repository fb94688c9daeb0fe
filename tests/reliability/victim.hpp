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
/// Each start has a different name, made of the victim's name and the number of its starts. The process number would
/// not do: in a long campaign the system may give the same one to two starts on one file.
class Victim {
public:
    /// What it does; gets the name of the start.
    using Body = std::function<void(const std::string&, Progress&)>;

    /// `name` must differ from those of all other victims on the same file.
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
    /// How long a process may make no progress at all before it counts as stuck. The work itself may take any time,
    /// which is long on a busy machine and in a long record.
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
