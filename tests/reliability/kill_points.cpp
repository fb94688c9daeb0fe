#include "kill_points.hpp"

#include "record_check.hpp"
#include "scenes.hpp"
#include "shared_memory.hpp"
#include "traced_child.hpp"

#include "support/forked_child.hpp"

#include <iostream>
#include <tuple>

#include <sys/syscall.h>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

std::string name_of(long system_call) {
    static const std::map<long, std::string> names{
        {SYS_openat, "openat"},       {SYS_close, "close"},       {SYS_read, "read"},   {SYS_pread64, "pread64"},
        {SYS_write, "write"},         {SYS_pwrite64, "pwrite64"}, {SYS_fsync, "fsync"}, {SYS_fdatasync, "fdatasync"},
        {SYS_ftruncate, "ftruncate"}, {SYS_unlinkat, "unlink"},   {SYS_fcntl, "fcntl"}, {SYS_newfstatat, "stat"},
#ifdef SYS_unlink
        {SYS_unlink, "unlink"},
#endif
    };
    const auto at = names.find(system_call);
    return at == names.end() ? "others" : at->second;
}

/// How often each thing was seen.
class Tally {
public:
    void add(Phase phase, const std::string& call, const std::string& end, bool took_effect) {
        ++ends_[{phase, call, end, took_effect}];
    }
    void add(Phase phase, long system_call) {
        ++kills_[phase];
        ++calls_[name_of(system_call)];
    }

    void print() const {
        int kills = 0;
        for (const auto& [phase, number] : kills_)
            kills += number;
        std::cout
            << "| died at | kills | call | the record says | had taken effect | times |\n|---|---|---|---|---|---|\n";
        for (const auto& [key, number] : ends_) {
            const auto& [phase, call, end, took_effect] = key;
            std::cout << "| " << to_string(phase) << " | " << kills_.at(phase) << " | " << call << " | " << end << " | "
                      << (took_effect ? "yes" : "no") << " | " << number << " |\n";
        }
        std::cout << kills << " kills, at";
        for (const auto& [call, number] : calls_)
            std::cout << ' ' << call << ' ' << number;
        std::cout << '\n';
    }

private:
    std::map<std::tuple<Phase, std::string, std::string, bool>, int> ends_;
    std::map<Phase, int> kills_;
    std::map<std::string, int> calls_;
};

/// A site for one attempt, gone after it.
class FreshSite {
public:
    explicit FreshSite(fs::path directory) : directory_(std::move(directory)), site(directory_) {
        fs::remove_all(directory_);
        fs::create_directories(directory_);
    }
    ~FreshSite() {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }
    FreshSite(const FreshSite&) = delete;
    FreshSite& operator=(const FreshSite&) = delete;

private:
    fs::path directory_;

public:
    const Site site;
};

/// One kind of process that is killed again and again.
class Campaign {
public:
    explicit Campaign(fs::path directory) : directory_(std::move(directory) / "kill-points") {}

    /// False when the agent came to its end before its n-th system call.
    bool kill_agent(int nth) {
        const FreshSite fresh(directory_);
        const auto killed_at = kill(nth, [&] { play_agent(fresh.site, *phase_); });
        examine(fresh.site, killed_at, {allowed_call, held_call});
        return killed_at.has_value();
    }

    /// The same for a reviewer, after whose death another one comes.
    bool kill_reviewer(int nth) {
        const FreshSite fresh(directory_);
        ForkedChild agent([&](const ForkedChild::Report& report) { play_waiting_agent(fresh.site, report); });
        const auto killed_at = kill(nth, [&] { play_reviewer(fresh.site, *phase_); });
        const Phase died_at = *phase_;
        ForkedChild next([&](const ForkedChild::Report& report) {
            report();
            play_reviewer(fresh.site, *phase_);
        });
        if (next.wait() != 0 || agent.wait() != 0) complain("the next reviewer or the agent failed");
        *phase_ = died_at;
        examine(fresh.site, killed_at, {held_call});
        return killed_at.has_value();
    }

    /// The same for an agent that takes over what another one left, after whose death a third one comes.
    bool kill_restarted_agent(int nth) {
        const FreshSite fresh(directory_);
        ForkedChild first([&](const ForkedChild::Report& report) { play_leaving_agent(fresh.site, report); });
        first.kill();
        first.wait();
        const auto killed_at = kill(nth, [&] { play_restarted_agent(fresh.site, *phase_); });
        const Phase died_at = *phase_;
        ForkedChild third([&](const ForkedChild::Report& report) {
            report();
            play_restarted_agent(fresh.site, *phase_);
        });
        if (third.wait() != 0) complain("the third agent failed");
        *phase_ = died_at;
        const std::string end = examine(fresh.site, killed_at, {held_call}).calls[held_call];
        if (end != "approved, executed" && end != "approved, unknown") complain("the call was lost: " + end);
        return killed_at.has_value();
    }

    [[nodiscard]] bool is_clean() const noexcept { return is_clean_; }
    void print() const { tally_.print(); }

private:
    std::optional<long> kill(int nth, const std::function<void()>& body) {
        *phase_ = Phase::starting;
        TracedChild child(body);
        return child.kill_at(nth, [&] { return *phase_ != Phase::starting; });
    }

    RecordReport examine(const Site& site, std::optional<long> killed_at, std::initializer_list<const char*> calls) {
        const Phase phase = *phase_;
        if (!fs::exists(site.database)) return {};
        RecordReport report = check_record(site.database, site.effects, Agents::all_gone);
        if (!report.faults.empty()) complain(report.text());
        if (killed_at) tally_.add(phase, *killed_at);
        const auto effects = site.effects.read();
        for (const char* call : calls) {
            const auto at = report.calls.find(call);
            const bool is_recorded = at != report.calls.end();
            if (killed_at) tally_.add(phase, call, is_recorded ? at->second : "nothing", effects.contains(call));
            if (!killed_at && (!is_recorded || at->second.find("executed") == std::string::npos)) {
                complain("nobody was killed, and yet a call was not executed");
            }
        }
        return report;
    }

    void complain(const std::string& what) {
        is_clean_ = false;
        std::cerr << "killed at '" << to_string(*phase_) << "': " << what << '\n';
    }

    fs::path directory_;
    SharedMemory<PhaseBoard> phase_;
    Tally tally_;
    bool is_clean_ = true;
};

}  // namespace

bool kill_at_every_system_call(const fs::path& directory, int first, int step) {
    Campaign agents(directory);
    for (int nth = first; agents.kill_agent(nth); nth += step) {
    }
    std::cout << "An agent that makes two calls:\n";
    agents.print();
    Campaign reviewers(directory);
    for (int nth = first; reviewers.kill_reviewer(nth); nth += step) {
    }
    std::cout << "A reviewer, after whose death another one comes:\n";
    reviewers.print();
    Campaign restarts(directory);
    for (int nth = first; restarts.kill_restarted_agent(nth); nth += step) {
    }
    std::cout << "An agent that takes over what a killed one left, after whose death a third one comes:\n";
    restarts.print();
    return agents.is_clean() && reviewers.is_clean() && restarts.is_clean();
}

}  // namespace approvekit::testing
