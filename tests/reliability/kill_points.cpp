#include "kill_points.hpp"

#include "kill_campaign.hpp"
#include "scenes.hpp"

#include "support/forked_child.hpp"

#include <iostream>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

class Campaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if the agent finished before its n-th system call.
    bool kill_agent(int nth) {
        const FreshSite fresh(directory());
        const auto killed_at = kill(fresh.site, Agents::all_gone, nth, [&] { play_agent(fresh.site, phase()); });
        examine(fresh.site, killed_at, {allowed_call, held_call});
        return killed_at.has_value();
    }

    /// The same for a reviewer, followed by another one after its death.
    bool kill_reviewer(int nth) {
        const FreshSite fresh(directory());
        ForkedChild agent([&](const ForkedChild::Report& report) { play_waiting_agent(fresh.site, report); });
        const auto killed_at = kill(fresh.site, Agents::some_at_work, nth, [&] { play_reviewer(fresh.site, phase()); });
        const Phase died_at = phase();
        ForkedChild next([&](const ForkedChild::Report& report) {
            report();
            play_reviewer(fresh.site, phase());
        });
        if (next.wait() != 0 || agent.wait() != 0) complain("the next reviewer or the agent failed");
        phase() = died_at;
        examine(fresh.site, killed_at, {held_call});
        return killed_at.has_value();
    }

    /// The same for an agent that takes over what another one left, followed by a third one after its death.
    bool kill_restarted_agent(int nth) {
        const FreshSite fresh(directory());
        ForkedChild first([&](const ForkedChild::Report& report) { play_leaving_agent(fresh.site, report); });
        first.kill();
        first.wait();
        fresh.site.record->wait_out_the_killed(Agents::all_gone);
        const auto killed_at =
            kill(fresh.site, Agents::all_gone, nth, [&] { play_restarted_agent(fresh.site, phase()); });
        const Phase died_at = phase();
        ForkedChild third([&](const ForkedChild::Report& report) {
            report();
            play_restarted_agent(fresh.site, phase());
        });
        if (third.wait() != 0) complain("the third agent failed");
        phase() = died_at;
        const std::string end = examine(fresh.site, killed_at, {held_call}).calls[held_call];
        if (end != "approved, executed" && end != "approved, unknown") complain("the call was lost: " + end);
        return killed_at.has_value();
    }

private:
    RecordReport examine(const Site& site, std::optional<long> killed_at, std::initializer_list<const char*> calls) {
        const Phase died_at = phase();
        if (!site.record->is_there()) return {};
        RecordReport report = end_of(site);
        if (killed_at) tally().add(died_at, *killed_at);
        const auto effects = site.effects.read();
        for (const char* call : calls) {
            const auto at = report.calls.find(call);
            const bool is_recorded = at != report.calls.end();
            if (killed_at) tally().add(died_at, call, is_recorded ? at->second : "nothing", effects.contains(call));
            if (!killed_at && (!is_recorded || at->second.find("executed") == std::string::npos)) {
                complain("nobody was killed, and yet a call was not executed");
            }
        }
        return report;
    }
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
