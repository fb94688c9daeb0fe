#include "stop_races.hpp"

#include "agent_under_test.hpp"
#include "contest.hpp"
#include "fresh_site.hpp"
#include "record_check.hpp"
#include "shared_memory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <iostream>
#include <thread>
#include <utility>
#include <vector>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

enum Starter : std::size_t { allowed_at_once, allowed_before, approved, starters };
constexpr std::array<const char*, starters> starter_names{
    "a call that the policy allows", "a ticket that the policy allowed before", "an approved call"};

/// How far the stop of a race is. It is in force after stop() has returned and until it is about to be lifted.
enum class StopState { coming, returned, being_lifted };

/// What one of those who start calls did in a race.
struct Attempt {
    std::atomic<bool> has_run = false;
    std::atomic<bool> was_stopped = false;

    [[nodiscard]] bool is_known() const { return has_run || was_stopped; }
    void clear() { has_run = was_stopped = false; }
};

struct StopArena {
    Barrier barrier{starters + 1};
    std::atomic<StopState> stop = StopState::coming;
    std::array<Attempt, starters> attempts;
    std::atomic<bool> is_probed = false;  ///< a call that came after the stop was answered
    std::array<std::array<int, 2>, starters> wins{};
    std::array<Line, starters + 1> faults;
    std::atomic<bool> is_over = false;

    [[nodiscard]] bool has_fault() const {
        return std::any_of(faults.begin(), faults.end(), [](const Line& fault) { return !fault.get().empty(); });
    }
};

/// Sleeps until `condition` holds.
template <typename Condition>
void await(Condition condition) {
    while (!condition())
        std::this_thread::sleep_for(std::chrono::microseconds{20});
}

/// One of those who start calls, with its own kit.
class RacingAgent {
public:
    RacingAgent(const Site& site, StopArena& arena, Starter self)
        : site_(site), arena_(arena), self_(self), kit_(policy_under_test(), site.open(racing()), options()) {}

    /// Holds races until they are over. `race` gets the number of each, and passes the barrier twice.
    void run() {
        for (int number = 0;; ++number) {
            name_ = std::string(1, static_cast<char>('A' + static_cast<int>(self_))) + std::to_string(number);
            if (self_ == allowed_at_once && !race_allowed_at_once()) return;
            if (self_ == allowed_before && !race_allowed_before()) return;
            if (self_ == approved && !race_approved()) return;
        }
    }

private:
    ApproveKit::Options options() {
        ApproveKit::Options options;
        options.on_event = [this](const Event& event) {
            if (event.kind == Event::Kind::stopped) attempt().was_stopped = true;
        };
        return options;
    }

    [[nodiscard]] auto tool(const char* name) {
        return kit_.guard(name, [this](const Json& arguments) {
            const bool is_stopped = arena_.stop == StopState::returned;
            if (was_stopped_ && is_stopped) blame("its tool ran after stop() had returned");
            site_.effects.add(arguments.at("call").get<std::string>());
            attempt().has_run = true;
        });
    }

    /// Waits for the others. Returns false if the races are over.
    [[nodiscard]] bool begin() {
        arena_.barrier.meet();
        if (!arena_.is_over) stagger();
        return !arena_.is_over;
    }

    bool race_allowed_at_once() {
        if (!begin()) return false;
        const auto call = tool("look");
        start([&] { call(arguments_of(name_)); });
        await([this] { return arena_.stop == StopState::returned; });
        if (has_started([&] { call(arguments_of(name_ + "-probe")); })) blame("started after stop() had returned");
        arena_.is_probed = true;
        arena_.barrier.meet();
        if (!has_started([&] { call(arguments_of(name_ + "-after")); })) blame("did not start after the lifting");
        arena_.barrier.meet();
        return true;
    }

    bool race_allowed_before() {
        auto ticket = tool("look").submit(arguments_of(name_));
        if (!begin()) return false;
        start([&] { ticket.get(); });
        arena_.barrier.meet();
        arena_.barrier.meet();
        return true;
    }

    bool race_approved() {
        auto ticket = tool("send").submit(arguments_of(name_));
        kit_.approve(ticket.request_id());
        if (!begin()) return false;
        start([&] { ticket.get(); });
        if (!attempt().has_run) blame("did not start after the lifting");
        arena_.barrier.meet();
        arena_.barrier.meet();
        return true;
    }

    [[nodiscard]] Attempt& attempt() { return arena_.attempts.at(self_); }

    /// A call that comes after stop() has returned must not run before the stop is lifted.
    template <typename Call>
    void start(Call call) {
        was_stopped_ = arena_.stop == StopState::returned;
        if (!has_started(call)) attempt().was_stopped = true;
        was_stopped_ = false;
    }

    template <typename Call>
    static bool has_started(Call call) {
        try {
            call();
            return true;
        } catch (const StoppedError&) {
            return false;
        }
    }

    void blame(const std::string& what) {
        arena_.faults.at(self_).set(std::string(starter_names.at(self_)) + " (" + name_ + ") " + what);
    }

    const Site& site_;
    StopArena& arena_;
    Starter self_;
    std::string name_;
    bool was_stopped_ = false;
    ApproveKit kit_;
};

/// Stops, and lifts the stop when each of the others has started or met it.
void stop_again_and_again(const Site& site, StopArena& arena, int count) {
    Reviewer reviewer(site.open(racing()), "ana", "terminal");
    for (int number = 0; number < count && !arena.has_fault(); ++number) {
        arena.barrier.meet();
        stagger();
        const Stop stop = reviewer.stop({.reason = "race " + std::to_string(number)});
        arena.stop = StopState::returned;
        await([&] {
            return arena.is_probed && std::all_of(arena.attempts.begin(), arena.attempts.end(),
                                                  [](const Attempt& attempt) { return attempt.is_known(); });
        });
        for (std::size_t each = 0; each < starters; ++each)
            ++arena.wins.at(each).at(arena.attempts.at(each).was_stopped ? 1 : 0);
        arena.stop = StopState::being_lifted;
        reviewer.resume(stop.id);
        arena.barrier.meet();
        for (Attempt& attempt : arena.attempts)
            attempt.clear();
        arena.is_probed = false;
        arena.stop = StopState::coming;
        arena.barrier.meet();
    }
    arena.is_over = true;
    arena.barrier.meet();
}

bool hold_stop_races(const Site& site, StopArena& arena, int count) {
    std::deque<ForkedChild> children;
    for (const Starter self : {allowed_at_once, allowed_before, approved})
        enter(children, [&, self] { RacingAgent(site, arena, self).run(); });
    enter(children, [&] { stop_again_and_again(site, arena, count); });
    return all_end_well(children);
}

/// From when to when a stop was in force, according to the record.
struct Stretch {
    std::string since;
    std::string until;
};

constexpr const char* entries_in_order =
    "SELECT coalesce(a.event, l.decision), coalesce(a.timestamp, l.timestamp), a.request_id FROM approvekit_audit a "
    "LEFT "
    "JOIN audit_log l ON l.id = a.entry_id ORDER BY a.seq";

/// Reads them from the audit, and counts the calls that the policy allowed during one of them, by the order of the
/// entries.
std::pair<std::vector<Stretch>, int> read_stretches(const std::vector<RecordRow>& entries) {
    std::vector<Stretch> stretches;
    int faults = 0;
    bool is_stopped = false;
    for (const RecordRow& entry : entries) {
        const std::string& event = entry.at(0);
        if (event == "stopped") stretches.push_back({entry.at(1), {}});
        if (event == "lifted") stretches.back().until = entry.at(1);
        is_stopped = event == "stopped" || (is_stopped && event != "lifted");
        const bool is_start = event == "approved" && entry.at(2) == auto_request_id;
        if (is_start && is_stopped) ++faults;
    }
    return {std::move(stretches), faults};
}

/// How many calls were started under a stop, according to the record. Requests have no entry for their start. They have
/// only the time of the transaction that started them, which tells it if times are in order. Otherwise only what the
/// agents saw counts.
int count_starts_under_stops(const TestRecord& record) {
    const auto rows = record.read(
        {entries_in_order, "SELECT started_at FROM approvekit_requests WHERE started_at IS NOT NULL ORDER BY 1"});
    auto [stretches, faults] = read_stretches(rows.at(0));
    if (!record.has_times_in_order()) return faults;
    auto stretch = stretches.begin();
    for (const RecordRow& start : rows.at(1)) {
        const std::string& time = start.at(0);
        while (stretch != stretches.end() && stretch->until <= time)
            ++stretch;
        if (stretch != stretches.end() && stretch->since < time) ++faults;
    }
    return faults;
}

/// Whether each of them came first at least once.
bool print_firsts(const StopArena& arena) {
    bool each_won = true;
    std::cout << "| A stop against | the start came first | the stop came first |\n|---|---|---|\n";
    for (std::size_t each = 0; each < starters; ++each) {
        const auto [starts, stops] = arena.wins.at(each);
        std::cout << "| " << starter_names.at(each) << " | " << starts << " | " << stops << " |\n";
        each_won = each_won && starts > 0 && stops > 0;
    }
    return each_won;
}

}  // namespace

bool race_with_stops(const fs::path& directory, int count) {
    const FreshSite fresh(directory / "stop-races");
    const Site& site = fresh.site;
    const SharedMemory<StopArena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_stop_races(site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    std::cout << count << " stops against three starts each, in processes of their own, in " << seconds << " s\n";
    const bool each_won = print_firsts(*arena);
    const RecordReport report = check_record(site, Agents::all_gone);
    const int starts = count_starts_under_stops(*site.record);
    for (const Line& fault : arena->faults)
        std::cerr << fault.get();
    std::cerr << report.text();
    if (starts > 0) std::cerr << starts << " calls were started under a stop, by the record\n";
    return is_well && (each_won || count < enough_races) && !arena->has_fault() && report.faults.empty() && starts == 0;
}

}  // namespace approvekit::testing
