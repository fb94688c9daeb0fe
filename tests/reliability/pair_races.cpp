#include "pair_races.hpp"

#include "contest.hpp"
#include "fresh_site.hpp"
#include "record_check.hpp"
#include "shared_memory.hpp"

#include <chrono>
#include <deque>
#include <iostream>
#include <thread>
#include <utility>

namespace approvekit::testing {
namespace {

constexpr std::size_t most_pairings = 4;

struct PairArena {
    Barrier barrier{racing_processes};
    std::size_t pairing = 0;
    bool is_first_late = false;  ///< every other time, so that the slower one has a chance
    Line request_id;
    std::array<Line, racing_processes> told;  ///< empty if it has won
    std::array<std::array<int, 2>, most_pairings> wins{};
    Line fault;
    bool is_over = false;
};

/// Takes part if `self` is one of the two. `attempt` returns the request after it.
template <typename Attempt>
void run_in(PairArena& arena, const RacesOfPairs& races, RacingProcess self, Attempt attempt) {
    const Pairing& pairing = races.pairings.at(arena.pairing);
    for (const Racer& racer : {pairing.one, pairing.other}) {
        if (racer.process != self) continue;
        stagger();
        if (arena.is_first_late && self == pairing.one.process)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        try {
            const ApprovalRequest request = attempt(racer);
            arena.told.at(self).set(request.status == racer.aim ? std::string() : describe(request));
        } catch (const DecisionError& error) {
            arena.told.at(self).set(error.what());
        }
    }
}

template <typename Attempt>
void join_pairs(PairArena& arena, const RacesOfPairs& races, RacingProcess self, Attempt attempt) {
    while (true) {
        arena.barrier.meet();
        if (arena.is_over) return;
        run_in(arena, races, self, attempt);
        arena.barrier.meet();
    }
}

void join_as_reviewer(const Site& site, PairArena& arena, const RacesOfPairs& races, RacingProcess self) {
    Reviewer reviewer(site.open(racing()), self == bob ? "bob" : "cy", self == bob ? "terminal" : "web");
    join_pairs(arena, races, self,
               [&](const Racer& racer) { return races.decide(reviewer, racer, arena.request_id.get()); });
}

void join_as_late_clock(const Site& site, PairArena& arena, const RacesOfPairs& races) {
    const auto storage = site.open(racing(std::make_shared<LateClock>()));
    join_pairs(arena, races, late_clock, [&](const Racer&) { return swept(*storage, arena.request_id.get()); });
}

/// Prepares each race, takes part and judges it.
class PairJudge {
public:
    PairJudge(const Site& site, PairArena& arena, const RacesOfPairs& races)
        : arena_(arena), races_(races), agent_(races.agent(site)) {}

    void run(int count) {
        for (std::size_t pairing = 0; pairing < races_.pairings.size(); ++pairing) {
            arena_.pairing = pairing;
            for (int number = 0; number < count && arena_.fault.get().empty(); ++number) {
                arena_.is_first_late = number % 2 == 1;
                hold_race(std::to_string(pairing) + "-" + std::to_string(number));
            }
        }
        arena_.is_over = true;
        arena_.barrier.meet();
    }

private:
    void hold_race(const std::string& call) {
        const std::string id = agent_->ask(call);
        arena_.request_id.set(id);
        arena_.barrier.meet();
        run_in(arena_, races_, caller, [&](const Racer&) { return agent_->give_up(); });
        arena_.barrier.meet();
        judge(id);
    }

    void judge(const std::string& id) {
        const Pairing& pairing = races_.pairings.at(arena_.pairing);
        const bool first_won = told(pairing.one).empty();
        if (first_won == told(pairing.other).empty()) return blame("there is not one winner");
        const Racer& winner = first_won ? pairing.one : pairing.other;
        const Racer& loser = first_won ? pairing.other : pairing.one;
        ++arena_.wins.at(arena_.pairing).at(first_won ? 0 : 1);
        if (told(loser).find(winner.mark) == std::string::npos) blame("the loser was misled");
        if (agent_->storage().find(id).value().status != winner.aim) blame("the record names another winner");
        if (!arena_.fault.get().empty()) return;
        const std::string wrong = agent_->conclude(pairing, winner);
        if (!wrong.empty()) blame(wrong);
    }

    [[nodiscard]] std::string told(const Racer& racer) const { return arena_.told.at(racer.process).get(); }

    void blame(const std::string& what) {
        const Pairing& pairing = races_.pairings.at(arena_.pairing);
        std::string text = what + ":";
        for (const Racer& racer : {pairing.one, pairing.other})
            text += std::string(" ") + racer.name + " was told '" + told(racer) + "',";
        arena_.fault.set(text);
    }

    PairArena& arena_;
    const RacesOfPairs& races_;
    std::unique_ptr<PairedAgent> agent_;
};

bool hold_pair_races(const Site& site, PairArena& arena, const RacesOfPairs& races, int count) {
    std::deque<ForkedChild> children;
    enter(children, [&] { PairJudge(site, arena, races).run(count); });
    enter(children, [&] { join_as_late_clock(site, arena, races); });
    for (const RacingProcess self : {bob, cy})
        enter(children, [&, self] { join_as_reviewer(site, arena, races, self); });
    return all_end_well(children);
}

/// Whether each of them won at least once.
bool print_wins(const PairArena& arena, const RacesOfPairs& races) {
    bool each_won = true;
    std::cout << "| " << races.heading << " against | that won | the other won |\n|---|---|---|\n";
    for (std::size_t pairing = 0; pairing < races.pairings.size(); ++pairing) {
        const auto [one, other] = arena.wins.at(pairing);
        std::cout << "| " << races.pairings.at(pairing).other.name << " | " << one << " | " << other << " |\n";
        each_won = each_won && one > 0 && other > 0;
    }
    return each_won;
}

}  // namespace

bool race_in_pairs(const std::filesystem::path& directory, const std::string& name, const RacesOfPairs& races,
                   int count) {
    const FreshSite fresh(directory / name);
    const SharedMemory<PairArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_pair_races(fresh.site, *arena, races, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    std::cout << count << " races of each pair, in processes of their own, in " << seconds << " s\n";
    const bool each_won = print_wins(*arena, races);
    const RecordReport report = check_record(fresh.site, Agents::all_gone);
    std::cerr << arena->fault.get() << report.text();
    return is_well && (each_won || count < enough_races) && arena->fault.get().empty() && report.faults.empty();
}

}  // namespace approvekit::testing
