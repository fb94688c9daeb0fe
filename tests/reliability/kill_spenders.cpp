#include "kill_spenders.hpp"

#include "kill_campaign.hpp"

#include "support/forked_child.hpp"

#include <iostream>
#include <string>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int most_starts = 3;
constexpr const char* given_up_call = "given up";

Policy spending_policy() {
    return Policy::from_yaml_text(
        "rules:\n"
        "  - {tool: look, auto_approve: true, limit: {calls: 3, per: 24h, beyond: deny}}\n"
        "  - {tool: send, require_approval: true, limit: {calls: 3, per: 24h, beyond: deny}}\n");
}

/// Opens the record and makes three calls under limits: one that is allowed, one that is allowed and given up, and one
/// that is held and approved.
void play_spender(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    auto reviewing = site.open();
    {
        const ApproveKit kit(spending_policy(), storage);
        const auto look = phased_tool(kit, "look", site, phase, Phase::running_allowed, Phase::finishing_allowed);
        phase = Phase::allowing;
        look(arguments_of(allowed_call));
        storage->flush();
        phase = Phase::giving_up;
        look.submit(arguments_of(given_up_call)).cancel();
        storage->flush();
        phase = Phase::submitting;
        auto ticket =
            phased_tool(kit, "send", site, phase, Phase::running, Phase::finishing).submit(arguments_of(held_call));
        phase = Phase::deciding;
        Reviewer(reviewing, "ana", "terminal").approve(ticket.request_id());
        phase = Phase::claiming;
        ticket.get();
        storage->flush();
        phase = Phase::closing;
    }
    reviewing.reset();
    storage.reset();
    phase = Phase::ended;
}

/// Makes calls until the limit is reached. Returns their number.
template <typename Call>
int spend_all(Call call) {
    for (int started = 0; started <= most_starts; ++started) {
        try {
            call("probe " + std::to_string(started));
        } catch (const LimitReachedError&) {
            return started;
        }
    }
    return most_starts + 1;
}

/// Spends what is left of both limits, and reports how much that was: ten times the first one, plus the second.
void spend_rest(const Site& site, const ForkedChild::Report& report) {
    PhaseBoard phase{Phase::starting};
    const auto storage = site.open();
    const ApproveKit kit(spending_policy(), storage);
    const auto look = phased_tool(kit, "look", site, phase, Phase::running, Phase::finishing);
    const auto send = phased_tool(kit, "send", site, phase, Phase::running, Phase::finishing);
    const int looks = spend_all([&](const std::string& name) { look(arguments_of("look " + name)); });
    const int sends = spend_all([&](const std::string& name) {
        auto ticket = send.submit(arguments_of("send " + name));
        Reviewer(storage, "bob", "terminal").approve(ticket.request_id());
        ticket.get();
    });
    report(10 * looks + sends);
}

class SpenderCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if it finished before its n-th system call.
    bool kill_spender(int nth) {
        const FreshSite fresh(directory());
        const auto killed_at = kill(fresh.site, Agents::all_gone, nth, [&] { play_spender(fresh.site, phase()); });
        const Phase died_at = phase();
        ForkedChild next([&](const ForkedChild::Report& report) { spend_rest(fresh.site, report); });
        const int left = next.reported();
        if (next.wait() != 0) complain("nobody could spend what was left");
        RecordReport report = end_of(fresh.site);
        const int looks = count_started(report, {allowed_call, given_up_call});
        const int sends = count_started(report, {held_call});
        if (left != 10 * (most_starts - looks) + most_starts - sends) {
            complain("after " + std::to_string(looks) + " and " + std::to_string(sends) + " starts there was left " +
                     std::to_string(left));
        }
        if (killed_at) note(fresh.site, *killed_at, died_at, report);
        return killed_at.has_value();
    }

private:
    /// Counts the calls that have started as far as the record knows.
    static int count_started(const RecordReport& report, std::initializer_list<const char*> calls) {
        int count = 0;
        for (const char* call : calls) {
            const auto at = report.calls.find(call);
            if (at != report.calls.end() && !at->second.ends_with(", none")) ++count;
        }
        return count;
    }

    void note(const Site& site, long killed_at, Phase died_at, const RecordReport& report) {
        tally().add(died_at, killed_at);
        const auto effects = site.effects.read();
        for (const char* call : {allowed_call, given_up_call, held_call}) {
            const auto at = report.calls.find(call);
            tally().add(died_at, call, at == report.calls.end() ? "nothing" : at->second, effects.contains(call));
        }
    }
};

}  // namespace

bool kill_spenders(const fs::path& directory, int first, int step) {
    SpenderCampaign campaign(directory);
    for (int nth = first; campaign.kill_spender(nth); nth += step) {
    }
    std::cout << "An agent that makes calls under limits, after whose death another one spends what is left:\n";
    campaign.print();
    return campaign.is_clean();
}

}  // namespace approvekit::testing
