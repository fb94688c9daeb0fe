#include "vote_races.hpp"

#include "agent_under_test.hpp"
#include "contest.hpp"
#include "record_check.hpp"
#include "shared_memory.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/metadata_keys.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <iostream>
#include <thread>
#include <utility>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

/// The processes of all races. The agent and the first of three reviewers prepare each of them.
enum Process : std::size_t { bob, cy, late_clock, caller, processes };

/// One who races, and what shows that it has won.
struct Racer {
    Process process;
    const char* name;
    ApprovalStatus aim;
    const char* mark;
};
constexpr Racer last_vote{bob, "the last vote", ApprovalStatus::approved, "approved by bob (terminal)"};

/// Two who race for one request, on which one of two approvals is on record.
struct Pairing {
    Racer one;
    Racer other;
};
constexpr std::array pairings{
    Pairing{last_vote, {cy, "a rejection", ApprovalStatus::rejected, "rejected by cy (web)"}},
    Pairing{last_vote, {late_clock, "the deadline", ApprovalStatus::timeout, "nobody answered by the deadline"}},
    Pairing{last_vote, {caller, "the caller's cancel", ApprovalStatus::cancelled, "the caller gave up waiting"}},
    Pairing{last_vote, {cy, "another last vote", ApprovalStatus::approved, "approved by cy (web)"}},
};

struct VoteArena {
    Barrier barrier{processes};
    std::size_t pairing = 0;
    bool is_vote_late = false;  ///< every other time, for whoever is slower to have a chance
    Line request_id;
    std::array<Line, processes> told;  ///< empty: has won
    std::array<std::array<int, 2>, pairings.size()> wins{};
    Line fault;
    bool is_over = false;
};

/// Takes part where `self` is one of the two; `attempt` returns what it was told, or nothing when it has won.
template <typename Attempt>
void run_in(VoteArena& arena, Process self, Attempt attempt) {
    const Pairing& pairing = pairings.at(arena.pairing);
    for (const Racer& racer : {pairing.one, pairing.other}) {
        if (racer.process != self) continue;
        stagger();
        if (arena.is_vote_late && self == last_vote.process) std::this_thread::sleep_for(std::chrono::milliseconds{1});
        arena.told.at(self).set(attempt(racer));
    }
}

template <typename Attempt>
void join_votes(VoteArena& arena, Process self, Attempt attempt) {
    while (true) {
        arena.barrier.meet();
        if (arena.is_over) return;
        run_in(arena, self, attempt);
        arena.barrier.meet();
    }
}

std::string told_of(const ApprovalRequest& request, const Racer& self) {
    return request.status == self.aim ? std::string() : describe(request);
}

void join_as_voter(const Site& site, VoteArena& arena, Process self) {
    Reviewer reviewer(site.open(racing()), self == bob ? "bob" : "cy", self == bob ? "terminal" : "web");
    join_votes(arena, self, [&](const Racer& racer) {
        const std::string id = arena.request_id.get();
        try {
            const bool approves = racer.aim == ApprovalStatus::approved;
            return told_of(approves ? reviewer.approve(id) : reviewer.reject(id), racer);
        } catch (const DecisionError& error) {
            return std::string(error.what());
        }
    });
}

void join_as_late_clock(const Site& site, VoteArena& arena) {
    const auto storage = site.open(racing(std::make_shared<LateClock>()));
    join_votes(arena, late_clock, [&](const Racer& racer) {
        storage->sweep();
        return told_of(storage->find(arena.request_id.get()).value(), racer);
    });
}

/// Asks, has the first of two votes cast, takes part, judges each race and runs what was approved.
class VotedAgent {
public:
    VotedAgent(const Site& site, VoteArena& arena)
        : site_(site), arena_(arena), storage_(site.open(racing())), ana_(storage_, "ana", "terminal") {}

    void run(int count) {
        for (std::size_t pairing = 0; pairing < pairings.size(); ++pairing) {
            arena_.pairing = pairing;
            for (int number = 0; number < count && arena_.fault.get().empty(); ++number) {
                arena_.is_vote_late = number % 2 == 1;
                hold_race(std::to_string(pairing) + "-" + std::to_string(number));
            }
        }
        arena_.is_over = true;
        arena_.barrier.meet();
    }

private:
    void hold_race(const std::string& call) {
        const ApprovalRequest request = ask(call);
        arena_.barrier.meet();
        run_in(arena_, caller, [&](const Racer& racer) {
            return told_of(storage_->end(request.id, ApprovalStatus::cancelled, "the caller gave up waiting"), racer);
        });
        arena_.barrier.meet();
        judge(request);
        if (arena_.fault.get().empty()) run_if_approved(request, call);
    }

    ApprovalRequest ask(const std::string& call) {
        ApprovalRequest request;
        request.id = random_uuid();
        request.tool_name = "send";
        request.tool_args = arguments_of(call);
        request.created_at = SystemClock().now();
        request.deadline = request.created_at + std::chrono::hours{1};
        // Long enough for an approval to outlast the clock that runs ahead.
        request.metadata = {{start_within_key, 604'800},
                            {quorum_key, {{approvals_key, 2}, {reviewers_key, {"ana", "bob", "cy"}}}}};
        request.agent = "racing agent";
        request.nonce = random_hex(16);
        request.ours = true;
        request.view_digest = view_digest(request);
        storage_->submit(request);
        ana_.approve(request.id);
        arena_.request_id.set(request.id);
        return request;
    }

    void judge(const ApprovalRequest& request) {
        const Pairing& pairing = pairings.at(arena_.pairing);
        const bool first_won = told(pairing.one).empty();
        if (first_won == told(pairing.other).empty()) return blame("there is not one winner");
        const Racer& winner = first_won ? pairing.one : pairing.other;
        const Racer& loser = first_won ? pairing.other : pairing.one;
        ++arena_.wins.at(arena_.pairing).at(first_won ? 0 : 1);
        if (told(loser).find(winner.mark) == std::string::npos) blame("the loser was misled");
        const ApprovalRequest found = storage_->find(request.id).value();
        if (found.status != winner.aim) blame("the record names another winner");
        const std::size_t votes = winner.process == bob || winner.process == cy ? 2 : 1;
        if (found.votes.size() != votes) blame("the record has " + std::to_string(found.votes.size()) + " votes");
    }

    void run_if_approved(const ApprovalRequest& request, const std::string& call) {
        // Who gave up waiting has refused an approval that came before.
        if (pairings.at(arena_.pairing).other.process == caller) return;
        if (storage_->find(request.id)->status != ApprovalStatus::approved) return;
        const std::string entry_id = storage_->claim({request.id, request.view_digest, {}, &request});
        site_.effects.add(call);
        storage_->finish({.entry_id = entry_id,
                          .request_id = request.id,
                          .tool_name = request.tool_name,
                          .state = RunState::executed,
                          .note = {}});
    }

    [[nodiscard]] std::string told(const Racer& racer) const { return arena_.told.at(racer.process).get(); }

    void blame(const std::string& what) {
        const Pairing& pairing = pairings.at(arena_.pairing);
        std::string text = what + ":";
        for (const Racer& racer : {pairing.one, pairing.other})
            text += std::string(" ") + racer.name + " was told '" + told(racer) + "',";
        arena_.fault.set(text);
    }

    const Site& site_;
    VoteArena& arena_;
    std::shared_ptr<SqliteStorage> storage_;
    Reviewer ana_;
};

bool hold_vote_races(const Site& site, VoteArena& arena, int count) {
    std::deque<ForkedChild> children;
    enter(children, [&] { VotedAgent(site, arena).run(count); });
    enter(children, [&] { join_as_late_clock(site, arena); });
    for (const Process self : {bob, cy})
        enter(children, [&, self] { join_as_voter(site, arena, self); });
    return all_end_well(children);
}

/// Whether each of them won at least once.
bool print_wins(const VoteArena& arena) {
    bool each_won = true;
    std::cout << "| The last vote against | the vote won | the other won |\n|---|---|---|\n";
    for (std::size_t pairing = 0; pairing < pairings.size(); ++pairing) {
        const auto [one, other] = arena.wins.at(pairing);
        std::cout << "| " << pairings.at(pairing).other.name << " | " << one << " | " << other << " |\n";
        each_won = each_won && one > 0 && other > 0;
    }
    return each_won;
}

}  // namespace

bool race_for_votes(const fs::path& directory, int count) {
    const fs::path place = directory / "vote-races";
    fs::remove_all(place);
    fs::create_directories(place);
    const Site site(place);
    const SharedMemory<VoteArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_vote_races(site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    std::cout << count << " races of each pair, in processes of their own, in " << seconds << " s\n";
    const bool each_won = print_wins(*arena);
    const RecordReport report = check_record(site.database, site.effects, Agents::all_gone);
    std::cerr << arena->fault.get() << report.text();
    fs::remove_all(place);
    return is_well && (each_won || count < enough_races) && arena->fault.get().empty() && report.faults.empty();
}

}  // namespace approvekit::testing
