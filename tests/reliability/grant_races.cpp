#include "grant_races.hpp"

#include "contest.hpp"
#include "fresh_site.hpp"
#include "shared_memory.hpp"

#include "approvekit/approvekit.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr unsigned users = 8;
constexpr int tries_of_each = 2;
constexpr int most_uses = 10;

Policy granting_policy() {
    return Policy::from_yaml_text(
        "rules: [{tool: \"pay.*\", require_approval: true, timeout: 60s, grants: {uses: 10, for: 24h}}]\n");
}

/// A tool for each race, since an agent reads all grants that a tool still has or has used up.
std::string tool_of(int race) {
    return "pay." + std::to_string(race);
}

/// All of them are the one agent that the grant is for.
ApproveKit::Options of_one_agent() {
    ApproveKit::Options options;
    options.agent = "racer";
    return options;
}

struct GrantArena {
    Barrier barrier{users};
    Line grant;
    std::atomic<int> runs = 0;
    std::atomic<bool> is_revoked = false;
    std::atomic<int> held = 0;
    std::atomic<int> revoked_in_time = 0;
    Line fault;
    std::atomic<bool> has_fault = false;
};

/// One of those who use the grant, with its own kit.
class GrantUser {
public:
    GrantUser(const Site& site, GrantArena& arena, unsigned self)
        : arena_(arena),
          self_(self),
          storage_(site.open(racing())),
          kit_(granting_policy(), storage_, of_one_agent()) {}

    void run(int count) {
        for (int race = 0; race < count && !arena_.has_fault; ++race) {
            if (self_ == 0) grant(race);
            arena_.barrier.meet();
            stagger();
            const bool revokes = race % 2 == 1 && self_ == users - 1;
            if (revokes) revoke();
            for (int turn = 0; turn < tries_of_each + (revokes ? 0 : 1); ++turn)
                use(race);
            arena_.barrier.meet();
            if (self_ == 0) judge(race);
            arena_.barrier.meet();
        }
    }

private:
    void grant(int race) {
        arena_.runs = 0;
        arena_.is_revoked = false;
        PendingCall call = kit_.submit(tool_of(race), {{"race", race}});
        GrantTerms terms;
        terms.uses = most_uses;
        terms.lasts = std::chrono::hours(1);
        Reviewer(storage_, "ann", "terminal").approve(call.request_id(), {.grant = terms});
        arena_.grant.set(call.request_id());
        call.wait().executed();
    }

    void revoke() {
        static_cast<void>(storage_->revoke(arena_.grant.get(), "bob", "terminal"));
        arena_.is_revoked = true;
    }

    void use(int race) {
        const bool was_revoked = arena_.is_revoked;
        PendingCall call = kit_.submit(tool_of(race), {{"race", race}});
        if (!call.request_id().empty()) {
            ++arena_.held;
            call.cancel();
            return;
        }
        if (was_revoked) blame(race, "a call was allowed by a grant that had been revoked");
        try {
            call.wait().executed();
            ++arena_.runs;
        } catch (const ApprovalCancelledError&) {
            ++arena_.revoked_in_time;
        }
    }

    void judge(int race) {
        const int runs = arena_.runs;
        const bool fits = race % 2 == 1 ? runs <= most_uses : runs == most_uses;
        if (!fits) blame(race, std::to_string(runs) + " calls ran");
    }

    void blame(int race, const std::string& what) {
        arena_.fault.set("race " + std::to_string(race) + ": " + what + "\n");
        arena_.has_fault = true;
    }

    GrantArena& arena_;
    unsigned self_;
    std::shared_ptr<Storage> storage_;
    ApproveKit kit_;
};

bool hold_grant_races(const Site& site, GrantArena& arena, int count) {
    std::deque<ForkedChild> children;
    for (unsigned self = 0; self < users; ++self)
        enter(children, [&, self] { GrantUser(site, arena, self).run(count); });
    return all_end_well(children);
}

}  // namespace

bool race_for_grants(const fs::path& directory, int count) {
    const FreshSite fresh(directory / "grant-races");
    const SharedMemory<GrantArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_grant_races(fresh.site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::cout << count << " races of eight processes for a grant, in " << seconds << " s; " << arena->held
              << " calls were held, " << arena->revoked_in_time << " were revoked before they started\n";
    const AuditReport report = fresh.site.open(racing())->verify_audit();
    std::cerr << arena->fault.get();
    if (!report.intact()) std::cerr << "the record does not verify: " << report.fault->what << "\n";
    return is_well && !arena->has_fault && report.intact();
}

}  // namespace approvekit::testing
