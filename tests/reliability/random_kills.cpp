#include "random_kills.hpp"

#include "agent_and_reviewer.hpp"
#include "end_tally.hpp"
#include "record_check.hpp"

#include <algorithm>
#include <iostream>
#include <random>
#include <thread>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kills_per_file = 25;

/// Returns how many were killed. The others continue to work while the record is checked.
int kill_somebody(AgentAndReviewer& processes, std::minstd_rand& random) {
    processes.start();
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
    const auto victims = random() % 4;
    if (victims != 0) processes.agent().kill();
    if (victims < 2) processes.reviewer().kill();
    return victims == 1 ? 2 : 1;
}

class RandomCampaign {
public:
    RandomCampaign(const fs::path& directory, unsigned seed) : directory_(directory / "random-kills"), random_(seed) {}

    void run(int count) {
        while (agents_killed_ + reviewers_killed_ < count)
            spend_a_file(count - agents_killed_ - reviewers_killed_);
        print();
    }

    [[nodiscard]] bool is_clean() const noexcept { return is_clean_; }

private:
    void spend_a_file(int left) {
        fs::remove_all(directory_);
        fs::create_directories(directory_);
        AgentAndReviewer processes(directory_);
        for (int kills = 0; kills < std::min(kills_per_file, left);) {
            kills += kill_somebody(processes, random_);
            check(processes.site(), Agents::some_at_work);
        }
        processes.start();
        processes.kill();
        agents_killed_ += processes.agent().kills();
        reviewers_killed_ += processes.reviewer().kills();
        ends_.add(processes.site(), check(processes.site(), Agents::all_gone));
        fs::remove_all(directory_);
    }

    RecordReport check(const Site& site, Agents agents) {
        RecordReport report = check_record(site, agents);
        ++checks_;
        if (!report.faults.empty()) {
            is_clean_ = false;
            std::cerr << report.text();
        }
        return report;
    }

    void print() const {
        ends_.print();
        std::cout << agents_killed_ << " agents and " << reviewers_killed_ << " reviewers killed, the record checked "
                  << checks_ << " times\n";
    }

    fs::path directory_;
    std::minstd_rand random_;
    EndTally ends_;
    int agents_killed_ = 0;
    int reviewers_killed_ = 0;
    int checks_ = 0;
    bool is_clean_ = true;
};

}  // namespace

bool kill_at_random(const fs::path& directory, int count, unsigned seed) {
    RandomCampaign campaign(directory, seed);
    campaign.run(count);
    return campaign.is_clean();
}

}  // namespace approvekit::testing
