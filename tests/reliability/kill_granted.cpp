#include "kill_granted.hpp"

#include "kill_campaign.hpp"

#include "support/forked_child.hpp"

#include <iostream>
#include <string>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr int uses_granted = 3;
constexpr const char* granted_call = "granted";
constexpr const char* given_up_granted = "given up";

ApproveKit granted_kit(const std::shared_ptr<Storage>& storage) {
    ApproveKit::Options options;
    options.agent = "clerk";
    return ApproveKit(Policy::from_yaml_text("rules:\n"
                                             "  - {tool: send, require_approval: true,\n"
                                             "     grants: {uses: 3, for: 8h, bounds: [args.call]}}\n"),
                      storage, options);
}

void approve_with_grant(const std::shared_ptr<Storage>& storage, const std::string& id) {
    GrantTerms terms;
    terms.uses = uses_granted;
    terms.lasts = std::chrono::hours(8);
    terms.free = {"args.call"};
    Reviewer(storage, "ana", "terminal").approve(id, {.grant = terms});
}

/// Opens the record and makes three calls: one is held and approved with a grant; by that grant, one runs and one is
/// given up.
void play_granted(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    auto reviewing = site.open();
    {
        const ApproveKit kit = granted_kit(storage);
        phase = Phase::submitting;
        auto ticket =
            phased_tool(kit, "send", site, phase, Phase::running, Phase::finishing).submit(arguments_of(held_call));
        phase = Phase::deciding;
        approve_with_grant(reviewing, ticket.request_id());
        phase = Phase::claiming;
        ticket.get();
        storage->flush();
        const auto send = phased_tool(kit, "send", site, phase, Phase::running_allowed, Phase::finishing_allowed);
        phase = Phase::allowing;
        send(arguments_of(granted_call));
        storage->flush();
        phase = Phase::giving_up;
        send.submit(arguments_of(given_up_granted)).cancel();
        storage->flush();
        phase = Phase::closing;
    }
    reviewing.reset();
    storage.reset();
    phase = Phase::ended;
}

/// Makes calls by the grant until one is held, and reports how many ran.
void use_rest(const Site& site, const ForkedChild::Report& report) {
    PhaseBoard phase{Phase::starting};
    const auto storage = site.open();
    const ApproveKit kit = granted_kit(storage);
    const auto send = phased_tool(kit, "send", site, phase, Phase::running, Phase::finishing);
    int ran = 0;
    for (; ran <= uses_granted; ++ran) {
        auto ticket = send.submit(arguments_of("rest " + std::to_string(ran)));
        if (!ticket.request_id().empty()) {
            ticket.cancel();
            break;
        }
        ticket.get();
    }
    report(ran);
}

class GrantedCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if it finished before its n-th system call.
    bool kill_granted(int nth) {
        const FreshSite fresh(directory());
        const auto killed_at = kill(fresh.site, Agents::all_gone, nth, [&] { play_granted(fresh.site, phase()); });
        const Phase died_at = phase();
        ForkedChild next([&](const ForkedChild::Report& report) { use_rest(fresh.site, report); });
        const int left = next.reported();
        if (next.wait() != 0) complain("nobody could use what was left");
        RecordReport report = end_of(fresh.site);
        const bool is_granted = report.calls[held_call].starts_with("approved");
        const int used = static_cast<int>(report.calls.count(granted_call) + report.calls.count(given_up_granted));
        const int should_be = is_granted ? uses_granted - used : 0;
        if (left != should_be) complain("of " + std::to_string(should_be) + " uses there were " + std::to_string(left));
        if (died_at > Phase::deciding && !is_granted) complain("the grant is lost");
        if (killed_at) note(fresh.site, *killed_at, died_at, report);
        return killed_at.has_value();
    }

private:
    void note(const Site& site, long killed_at, Phase died_at, const RecordReport& report) {
        tally().add(died_at, killed_at);
        const auto effects = site.effects.read();
        for (const char* call : {held_call, granted_call, given_up_granted}) {
            const auto at = report.calls.find(call);
            const bool is_known = at != report.calls.end() && !at->second.empty();
            tally().add(died_at, call, is_known ? at->second : "nothing", effects.contains(call));
        }
    }
};

}  // namespace

bool kill_granted(const fs::path& directory, int first, int step) {
    GrantedCampaign campaign(directory);
    for (int nth = first; campaign.kill_granted(nth); nth += step) {
    }
    std::cout << "An agent that is granted calls, after whose death another one makes those that are left:\n";
    campaign.print();
    return campaign.is_clean();
}

}  // namespace approvekit::testing
