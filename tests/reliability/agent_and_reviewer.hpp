#pragma once

#include "busy_processes.hpp"
#include "victim.hpp"

#include <filesystem>
#include <string>

namespace approvekit::testing {

/// One record with a busy agent and a busy reviewer, each in a separate process.
class AgentAndReviewer {
public:
    explicit AgentAndReviewer(const std::filesystem::path& directory) : site_(directory) {}

    /// Returns when each has finished something.
    void start() {
        agent_.start();
        reviewer_.start();
    }

    /// Returns when each has finished something more.
    void work_on() {
        agent_.work_on();
        reviewer_.work_on();
    }

    void kill() {
        agent_.kill();
        reviewer_.kill();
    }

    [[nodiscard]] const Site& site() const noexcept { return site_; }
    [[nodiscard]] Victim& agent() noexcept { return agent_; }
    [[nodiscard]] Victim& reviewer() noexcept { return reviewer_; }

private:
    Site site_;
    Victim agent_{"the agent",
                  [this](const std::string& name, Progress& progress) { work_for_ever(site_, name, progress); }};
    Victim reviewer_{"the reviewer",
                     [this](const std::string&, Progress& progress) { review_for_ever(site_, progress); }};
};

}  // namespace approvekit::testing
