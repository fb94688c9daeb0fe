#include "random_kills.hpp"

#include "busy_processes.hpp"
#include "record_check.hpp"
#include "victim.hpp"

#include <algorithm>
#include <iostream>
#include <random>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kills_per_file = 25;

/// One file with an agent and a reviewer at work.
class AgentAndReviewer {
public:
    explicit AgentAndReviewer(const fs::path& directory) : site_(directory) {}

    void open() {
        agent_.start();
        reviewer_.start();
    }

    /// Returns how many were killed. Who survives works on while the record is checked.
    int kill_somebody(std::minstd_rand& random) {
        open();
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        const auto victims = random() % 4;
        if (victims != 0) agent_.kill();
        if (victims < 2) reviewer_.kill();
        return victims == 1 ? 2 : 1;
    }

    void close() {
        agent_.start();
        reviewer_.start();
        agent_.kill();
        reviewer_.kill();
    }

    [[nodiscard]] const Site& site() const noexcept { return site_; }
    [[nodiscard]] int agents_killed() const noexcept { return agent_.kills(); }
    [[nodiscard]] int reviewers_killed() const noexcept { return reviewer_.kills(); }

private:
    Site site_;
    Victim agent_{"the agent",
                  [this](const std::string& name, Progress& progress) { work_for_ever(site_, name, progress); }};
    Victim reviewer_{"the reviewer",
                     [this](const std::string&, Progress& progress) { review_for_ever(site_, progress); }};
};

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
            kills += processes.kill_somebody(random_);
            check(processes.site(), Agents::some_at_work);
        }
        processes.close();
        agents_killed_ += processes.agents_killed();
        reviewers_killed_ += processes.reviewers_killed();
        count_ends(processes.site(), check(processes.site(), Agents::all_gone));
        fs::remove_all(directory_);
    }

    RecordReport check(const Site& site, Agents agents) {
        RecordReport report = check_record(site.database, site.effects, agents);
        ++checks_;
        if (!report.faults.empty()) {
            is_clean_ = false;
            std::cerr << report.text();
        }
        return report;
    }

    void count_ends(const Site& site, const RecordReport& report) {
        const auto effects = site.effects.read();
        for (const auto& [call, end] : report.calls)
            ++ends_[{end, effects.contains(call)}];
    }

    void print() const {
        std::cout << "| the record says | had taken effect | calls |\n|---|---|---|\n";
        for (const auto& [key, number] : ends_)
            std::cout << "| " << key.first << " | " << (key.second ? "yes" : "no") << " | " << number << " |\n";
        std::cout << agents_killed_ << " agents and " << reviewers_killed_ << " reviewers killed, the record checked "
                  << checks_ << " times\n";
    }

    fs::path directory_;
    std::minstd_rand random_;
    std::map<std::pair<std::string, bool>, int> ends_;
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
