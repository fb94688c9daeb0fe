#include "limit_start_races.hpp"

#include "contest.hpp"
#include "fresh_site.hpp"
#include "shared_memory.hpp"

#include "approvekit/approvekit.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr unsigned racers = 8;
constexpr int most_runs = 5;
constexpr int calls_at_once = 2;
constexpr int calls_given_up = 3;

enum class Role { allowed, approved, giving_up };

Role role_of(unsigned self) {
    constexpr std::array roles{Role::allowed, Role::approved, Role::giving_up, Role::approved};
    return roles.at(self % roles.size());
}

/// The limit is the same whether the rule holds its calls or not.
Policy policy_of(Role role) {
    const std::string how = role == Role::approved ? "require_approval: true" : "auto_approve: true";
    return Policy::from_yaml_text("rules: [{tool: pay, " + how +
                                  ", limit: {calls: 5, per: 24h, by: args.race, beyond: deny}}]\n");
}

struct StartArena {
    Barrier barrier{racers};
    std::atomic<int> runs = 0;
    std::atomic<int> refusals = 0;
    std::atomic<int> given_up = 0;
    Line fault;
    std::atomic<bool> has_fault = false;
};

/// One of those who start calls, with its own kit.
class LimitedRacer {
public:
    LimitedRacer(const Site& site, StartArena& arena, unsigned self)
        : arena_(arena),
          self_(self),
          storage_(site.open(racing())),
          kit_(policy_of(role_of(self)), storage_),
          pay_(kit_.guard("pay", {"race"}, Run{&arena.runs})) {}

    void run(int count) {
        for (int race = 0; race < count && !arena_.has_fault; ++race) {
            prepare(race);
            arena_.barrier.meet();
            stagger();
            start(race);
            storage_->flush();
            arena_.barrier.meet();
            if (self_ == 0) judge(race);
            arena_.barrier.meet();
        }
    }

private:
    struct Run {
        std::atomic<int>* runs;
        void operator()(int /*race*/) const { ++*runs; }
    };

    void prepare(int race) {
        if (role_of(self_) != Role::approved) return;
        approved_.emplace(pay_.submit(race));
        kit_.approve(approved_->request_id(), {.reviewer = "ann"});
    }

    void start(int race) {
        switch (role_of(self_)) {
            case Role::allowed:
                for (int turn = 0; turn < calls_at_once; ++turn)
                    note([&] { pay_(race); });
                return;
            case Role::approved:
                note([&] { approved_->get(); });
                return;
            case Role::giving_up:
                for (int turn = 0; turn < calls_given_up; ++turn)
                    note([&] { give_up(race); });
                return;
        }
    }

    void give_up(int race) {
        pay_.submit(race).cancel();
        ++arena_.given_up;
    }

    /// Returns whether there was room.
    template <typename Call>
    bool note(Call call) {
        try {
            call();
            return true;
        } catch (const LimitReachedError&) {
            ++arena_.refusals;
            return false;
        }
    }

    void judge(int race) {
        while (arena_.runs <= most_runs && note([&] { pay_(race); })) {
        }
        const int runs = arena_.runs.exchange(0);
        if (runs == most_runs) return;
        arena_.fault.set("race " + std::to_string(race) + ": " + std::to_string(runs) + " calls ran\n");
        arena_.has_fault = true;
    }

    StartArena& arena_;
    unsigned self_;
    std::shared_ptr<Storage> storage_;
    ApproveKit kit_;
    decltype(std::declval<ApproveKit&>().guard("pay", {"race"}, std::declval<Run>())) pay_;
    std::optional<Ticket<void>> approved_;
};

bool hold_start_races(const Site& site, StartArena& arena, int count) {
    std::deque<ForkedChild> children;
    for (unsigned self = 0; self < racers; ++self)
        enter(children, [&, self] { LimitedRacer(site, arena, self).run(count); });
    return all_end_well(children);
}

}  // namespace

bool race_within_limits(const fs::path& directory, int count) {
    const FreshSite fresh(directory / "limit-start-races");
    const SharedMemory<StartArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_start_races(fresh.site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::cout << count << " races of eight processes within a limit, in " << seconds << " s; " << arena->refusals
              << " calls were beyond it, " << arena->given_up << " were given up\n";
    const AuditReport report = fresh.site.open(racing())->verify_audit();
    std::cerr << arena->fault.get();
    if (!report.intact()) std::cerr << "the record does not verify\n";
    return is_well && !arena->has_fault && report.intact();
}

}  // namespace approvekit::testing
