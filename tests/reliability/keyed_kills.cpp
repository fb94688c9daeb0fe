#include "keyed_kills.hpp"

#include "busy_processes.hpp"
#include "end_tally.hpp"
#include "record_check.hpp"
#include "victim.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int deaths_per_file = 40;

/// An agent and its progress, which outlives it.
struct KeyedAgent {
    KeyedAgent(const Site& site, int number) : name("agent-" + std::to_string(number)), at(site) {}

    std::string name;
    const Site& at;
    SharedMemory<std::atomic<int>> next;
    Victim victim{name, [this](const std::string&, Progress& progress) { work_with_keys(at, name, *next, progress); }};
};

/// One file with four agents and a reviewer at work.
class KeyedProcesses {
public:
    explicit KeyedProcesses(const fs::path& directory) : site_(directory) {
        for (int number = 1; number <= 4; ++number)
            agents_.push_back(std::make_unique<KeyedAgent>(site_, number));
    }

    void start() {
        for (const auto& agent : agents_)
            agent->victim.start();
        reviewer_.start();
    }

    /// Returns how many were killed.
    int kill_somebody(std::minstd_rand& random) {
        start();
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 8000));
        const auto first = random() % agents_.size();
        agents_[first]->victim.kill();
        const auto more = random() % 4;
        if (more == 0) agents_[(first + 1) % agents_.size()]->victim.kill();
        if (more == 1) reviewer_.kill();
        return more < 2 ? 2 : 1;
    }

    void kill_all() {
        start();
        for (const auto& agent : agents_)
            agent->victim.kill();
        reviewer_.kill();
    }

    /// The calls whose end their agents were told.
    [[nodiscard]] std::vector<std::string> finished() const {
        std::vector<std::string> calls;
        for (const auto& agent : agents_) {
            for (int number = 0; number < *agent->next; ++number)
                calls.push_back(agent->name + "-" + std::to_string(number));
        }
        return calls;
    }

    [[nodiscard]] const Site& site() const noexcept { return site_; }

private:
    Site site_;
    std::vector<std::unique_ptr<KeyedAgent>> agents_;
    Victim reviewer_{"the reviewer",
                     [this](const std::string&, Progress& progress) { review_for_ever(site_, progress); }};
};

class KeyedCampaign {
public:
    KeyedCampaign(const fs::path& directory, unsigned seed) : directory_(directory / "keyed-kills"), random_(seed) {}

    void run(int count) {
        while (kills_ < count)
            spend_a_file(std::min(deaths_per_file, count - kills_));
        print();
    }

    [[nodiscard]] bool is_clean() const noexcept { return is_clean_; }

private:
    void spend_a_file(int deaths) {
        fs::remove_all(directory_);
        fs::create_directories(directory_);
        KeyedProcesses processes(directory_);
        int killed = 0;
        while (killed < deaths) {
            killed += processes.kill_somebody(random_);
            static_cast<void>(check(processes.site(), Agents::some_at_work));
        }
        processes.kill_all();
        kills_ += killed;
        count_ends(processes, check(processes.site(), Agents::all_gone));
        fs::remove_all(directory_);
    }

    RecordReport check(const Site& site, Agents agents) {
        RecordReport report = check_record(site, agents);
        if (!report.faults.empty()) complain(report.text());
        return report;
    }

    void count_ends(const KeyedProcesses& processes, const RecordReport& report) {
        constexpr std::array ends{"approved, executed", "approved, unknown", "rejected, none", "auto, executed",
                                  "auto, unknown"};
        const auto effects = processes.site().effects.read();
        for (const std::string& call : processes.finished()) {
            const auto found = report.calls.find(call);
            const std::string end = found == report.calls.end() ? "nothing" : found->second;
            if (std::find(ends.begin(), ends.end(), end) == ends.end()) complain("call " + call + " was lost: " + end);
            ends_.add(end, effects.contains(call));
        }
    }

    void complain(const std::string& what) {
        is_clean_ = false;
        std::cerr << what << '\n';
    }

    void print() const {
        ends_.print();
        std::cout << kills_ << " processes killed\n";
    }

    fs::path directory_;
    std::minstd_rand random_;
    EndTally ends_;
    int kills_ = 0;
    bool is_clean_ = true;
};

}  // namespace

bool kill_with_keys(const fs::path& directory, int count, unsigned seed) {
    KeyedCampaign campaign(directory, seed);
    campaign.run(count);
    return campaign.is_clean();
}

}  // namespace approvekit::testing
