#pragma once

#include "busy_processes.hpp"

#include "support/eventually.hpp"
#include "support/forked_child.hpp"

#include <csignal>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace approvekit::testing {

/// A busy process that is started again after each death.
class Victim {
public:
    Victim(std::string name, std::function<void(Progress&)> body) : name_(std::move(name)), body_(std::move(body)) {}

    void start() {
        if (child_) return;
        *progress_ = 0;
        child_.emplace([&](const ForkedChild::Report& report) {
            report();
            body_(*progress_);
        });
        if (!eventually([&] { return *progress_ > 0; })) throw std::runtime_error(name_ + " does not get to work");
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
    std::string name_;
    std::function<void(Progress&)> body_;
    SharedMemory<Progress> progress_;
    std::optional<ForkedChild> child_;
    int kills_ = 0;
};

}  // namespace approvekit::testing
