#include "limit_races.hpp"

#include "contest.hpp"
#include "fresh_site.hpp"
#include "shared_memory.hpp"

#include "approvekit/approvekit.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

constexpr unsigned spenders = 8;
constexpr int calls_of_each = 3;
constexpr int most_calls = 10;
constexpr int most_spent = 40;
constexpr int largest_amount = 5;

/// Each race has a different value that the limits count by.
Policy limiting_policy() {
    return Policy::from_yaml_text(
        "rules:\n"
        "  - {tool: look, limit: {calls: 10, per: 24h, by: args.race, beyond: deny}}\n"
        "  - {tool: pay, limit: {sum: args.amount, max: 40, per: 24h, by: args.race, beyond: deny}}\n");
}

struct LimitArena {
    Barrier barrier{spenders};
    std::atomic<int> calls = 0;
    std::atomic<int> spent = 0;
    std::array<std::atomic<bool>, largest_amount + 1> was_refused{};
    std::atomic<int> refusals = 0;
    std::array<Line, spenders> faults;
    std::atomic<bool> has_fault = false;

    void clear() {
        calls = spent = 0;
        for (auto& refused : was_refused)
            refused = false;
    }
};

/// One of those who spend, with its own kit.
class Spender {
public:
    Spender(const Site& site, LimitArena& arena, unsigned self)
        : arena_(arena),
          self_(self),
          kit_(limiting_policy(), site.open(racing())),
          look_(kit_.guard("look", {"race"}, Count{&arena.calls})),
          pay_(kit_.guard("pay", {"race", "amount"}, Spend{&arena.spent})) {}

    void run(int count) {
        for (int race = 0; race < count && !arena_.has_fault; ++race) {
            arena_.barrier.meet();
            stagger();
            for (int turn = 0; turn < calls_of_each; ++turn)
                spend(race, turn);
            arena_.barrier.meet();
            if (self_ == 0) judge(race);
            arena_.barrier.meet();
            if (self_ == 0) arena_.clear();
        }
    }

private:
    struct Count {
        std::atomic<int>* calls;
        void operator()(int /*race*/) const { ++*calls; }
    };
    struct Spend {
        std::atomic<int>* spent;
        void operator()(int /*race*/, int amount) const { *spent += amount; }
    };

    void spend(int race, int turn) {
        if (is_refused([&] { look_(race); })) ++arena_.refusals;
        const int amount = 1 + (race + turn + static_cast<int>(self_)) % largest_amount;
        if (is_refused([&] { pay_(race, amount); })) arena_.was_refused.at(static_cast<std::size_t>(amount)) = true;
    }

    template <typename Call>
    static bool is_refused(Call call) {
        try {
            call();
            return false;
        } catch (const LimitReachedError&) {
            return true;
        }
    }

    /// Nothing was given back in the meantime, so what did not fit then does not fit now.
    void judge(int race) {
        const int calls = arena_.calls;
        const int spent = arena_.spent;
        if (calls != most_calls) blame(race, std::to_string(calls) + " calls ran");
        if (spent > most_spent) blame(race, std::to_string(spent) + " was spent");
        for (int amount = 1; amount <= largest_amount; ++amount) {
            const bool was_refused = arena_.was_refused.at(static_cast<std::size_t>(amount));
            if (was_refused && spent + amount <= most_spent) {
                blame(race, std::to_string(amount) + " was refused after " + std::to_string(spent));
            }
        }
    }

    void blame(int race, const std::string& what) {
        arena_.faults.at(self_).set("race " + std::to_string(race) + ": " + what + "\n");
        arena_.has_fault = true;
    }

    LimitArena& arena_;
    unsigned self_;
    ApproveKit kit_;
    decltype(std::declval<ApproveKit&>().guard("look", {"race"}, std::declval<Count>())) look_;
    decltype(std::declval<ApproveKit&>().guard("pay", {"race", "amount"}, std::declval<Spend>())) pay_;
};

bool hold_limit_races(const Site& site, LimitArena& arena, int count) {
    std::deque<ForkedChild> children;
    for (unsigned self = 0; self < spenders; ++self)
        enter(children, [&, self] { Spender(site, arena, self).run(count); });
    return all_end_well(children);
}

}  // namespace

bool race_for_limits(const fs::path& directory, int count) {
    const FreshSite fresh(directory / "limit-races");
    const SharedMemory<LimitArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_limit_races(fresh.site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::cout << count << " races of eight processes for two limits, in " << seconds << " s; " << arena->refusals
              << " calls were beyond one\n";
    const AuditReport report = fresh.site.open(racing())->verify_audit();
    for (const Line& fault : arena->faults)
        std::cerr << fault.get();
    if (!report.intact()) std::cerr << "the record does not verify\n";
    return is_well && !arena->has_fault && report.intact();
}

}  // namespace approvekit::testing
