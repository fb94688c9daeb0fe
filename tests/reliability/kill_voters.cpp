#include "kill_voters.hpp"

#include "kill_campaign.hpp"

#include "support/eventually.hpp"
#include "support/forked_child.hpp"

#include <array>
#include <atomic>
#include <iostream>
#include <string>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

/// Two of three people have to approve what is held.
Policy policy_with_votes() {
    PolicyRule rule;
    rule.tool = "send";
    rule.require_approval = true;
    rule.approvals = 2;
    rule.reviewers = {"ana", "bob", "cy"};
    return policy_under_test().add_rule(std::move(rule));
}

/// Opens the record, votes on the one waiting request in the names of two people, and closes.
void play_voters(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    phase = Phase::voting;
    approve_what_waits(storage, "ana");
    phase = Phase::deciding;
    approve_what_waits(storage, "bob");
    phase = Phase::closing;
    storage.reset();
    phase = Phase::ended;
}

/// Opens the record, stops everything, resumes, and closes.
void play_stopper(const Site& site, PhaseBoard& phase) {
    phase = Phase::opening;
    auto storage = site.open();
    phase = Phase::stopping;
    const Stop stop = storage->stop({.reason = "a test"}, "ana", "terminal");
    phase = Phase::lifting;
    storage->resume(stop.id, "ana", "terminal");
    phase = Phase::closing;
    storage.reset();
    phase = Phase::ended;
}

/// Makes a held call and waits for its end. Calls `report` when it waits, and sets `meets` when it meets a stop.
void play_agent_until_the_end(const Site& site, Policy policy, const std::function<void()>& report,
                              std::atomic<bool>& meets) {
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { meets = meets || event.kind == Event::Kind::stopped; };
    const ApproveKit kit(std::move(policy), site.open(), options);
    auto ticket =
        kit.guard("send", [&](const Json& arguments) { site.effects.add(arguments.at("call").get<std::string>()); })
            .submit(arguments_of(held_call));
    report();
    ticket.get();
}

int count_votes(const Site& site) {
    return std::stoi(rows_of(*site.record, "SELECT count(*) FROM approvekit_votes").at(0).at(0));
}

class VoterCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if they finished before their n-th system call.
    bool kill_voters(int nth) {
        const FreshSite fresh(directory());
        SharedMemory<std::atomic<bool>> ignored;
        ForkedChild agent([&](const ForkedChild::Report& report) {
            play_agent_until_the_end(fresh.site, policy_with_votes(), report, *ignored);
        });
        const auto killed_at = kill(fresh.site, Agents::some_at_work, nth, [&] { play_voters(fresh.site, phase()); });
        const Phase died_at = phase();
        const int votes = count_votes(fresh.site);
        PhaseBoard others{Phase::starting};
        ForkedChild next([&](const ForkedChild::Report& report) {
            report();
            play_voters(fresh.site, others);
        });
        if (next.wait() != 0 || agent.wait() != 0) complain("the next voters or the agent failed");
        examine(fresh.site, died_at, votes);
        if (killed_at) note(fresh.site, *killed_at, died_at, std::to_string(votes) + " of 2 votes");
        return killed_at.has_value();
    }

private:
    void examine(const Site& site, Phase died_at, int votes) {
        RecordReport report = end_of(site);
        if (report.calls[held_call] != "approved, executed") complain("the call ended as " + report.calls[held_call]);
        if (count_votes(site) != 2) complain("there are " + std::to_string(count_votes(site)) + " votes in the end");
        if (died_at > Phase::voting && votes < 1) complain("the first vote is lost");
        if (died_at > Phase::deciding && votes < 2) complain("the last vote is lost");
    }

    void note(const Site& site, long killed_at, Phase died_at, const std::string& what) {
        tally().add(died_at, killed_at);
        tally().add(died_at, held_call, what, site.effects.read().contains(held_call));
    }
};

enum class Standing { nothing, in_force, lifted };
constexpr std::array<const char*, 3> standing_names{"nothing", "a stop in force", "a stop that was lifted"};

Standing standing_of(Storage& storage) {
    if (storage.stops(StopList::all).empty()) return Standing::nothing;
    return storage.stops(StopList::in_force).empty() ? Standing::lifted : Standing::in_force;
}

bool is_stopped(const std::shared_ptr<Storage>& storage, const Site& site) {
    const ApproveKit kit(policy_under_test(), storage);
    try {
        kit.guard("look", [&](const Json& arguments) { site.effects.add(arguments.at("call").get<std::string>()); })(
            arguments_of("probe"));
        return false;
    } catch (const StoppedError&) {
        return true;
    }
}

class StopperCampaign : public KillCampaign {
public:
    using KillCampaign::KillCampaign;

    /// Returns false if it finished before its n-th system call.
    bool kill_stopper(int nth) {
        const FreshSite fresh(directory());
        *meets_ = false;
        ForkedChild agent([&](const ForkedChild::Report& report) {
            play_agent_until_the_end(fresh.site, policy_under_test(), report, *meets_);
        });
        const auto killed_at = kill(fresh.site, Agents::some_at_work, nth, [&] { play_stopper(fresh.site, phase()); });
        const Phase died_at = phase();
        ForkedChild next([&](const ForkedChild::Report& report) { approve_and_resume(fresh.site, report); });
        const auto standing = static_cast<Standing>(next.reported());
        if (next.wait() != 0 || agent.wait() != 0) complain("nobody could go on after it");
        examine(fresh.site, died_at, standing);
        if (killed_at) {
            tally().add(died_at, *killed_at);
            tally().add(died_at, held_call, standing_names.at(static_cast<std::size_t>(standing)), true);
        }
        return killed_at.has_value();
    }

private:
    /// Reports what is in force, compares what starts with that, and lets the call finish.
    void approve_and_resume(const Site& site, const ForkedChild::Report& report) {
        const auto storage = site.open();
        const Standing standing = standing_of(*storage);
        report(static_cast<int>(standing));
        const bool should_stop = standing == Standing::in_force;
        if (is_stopped(storage, site) != should_stop) throw std::runtime_error("what stands is not in force");
        approve_what_waits(storage, "bob");
        if (!should_stop) return;
        if (!eventually([&] { return meets_->load(); })) throw std::runtime_error("the call does not meet the stop");
        if (site.effects.read().contains(held_call)) throw std::runtime_error("the call ran under a stop");
        Reviewer reviewer(storage, "bob", "terminal");
        for (const Stop& stop : reviewer.stops())
            reviewer.resume(stop.id);
    }

    void examine(const Site& site, Phase died_at, Standing standing) {
        RecordReport report = end_of(site);
        if (report.calls[held_call] != "approved, executed") complain("the call ended as " + report.calls[held_call]);
        const char* const probe = standing == Standing::in_force ? "stopped, none" : "auto, executed";
        if (report.calls["probe"] != probe) complain("another call ended as " + report.calls["probe"]);
        if (died_at > Phase::stopping && standing == Standing::nothing) complain("the stop is lost");
        if (died_at > Phase::lifting && standing != Standing::lifted) complain("its lifting is lost");
    }

    SharedMemory<std::atomic<bool>> meets_;
};

}  // namespace

bool kill_voters(const fs::path& directory, int first, int step) {
    VoterCampaign campaign(directory);
    for (int nth = first; campaign.kill_voters(nth); nth += step) {
    }
    std::cout << "Two votes, after whose caster's death they are cast again:\n";
    campaign.print();
    return campaign.is_clean();
}

bool kill_stoppers(const fs::path& directory, int first, int step) {
    StopperCampaign campaign(directory);
    for (int nth = first; campaign.kill_stopper(nth); nth += step) {
    }
    std::cout << "A stop and its lifting, after whose author's death somebody else resumes:\n";
    campaign.print();
    return campaign.is_clean();
}

}  // namespace approvekit::testing
