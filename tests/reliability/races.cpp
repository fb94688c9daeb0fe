#include "races.hpp"

#include "agent_under_test.hpp"
#include "contest.hpp"
#include "fresh_site.hpp"
#include "record_check.hpp"
#include "shared_memory.hpp"

#include "approvekit/digest.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <iostream>

namespace approvekit::testing {
namespace {

namespace fs = std::filesystem;

enum Contender : std::size_t { web, terminal, clock_, agent, contenders };
constexpr std::array<const char*, contenders> names{"approve (web)", "reject (terminal)", "expire", "cancel (agent)"};
constexpr std::array<ApprovalStatus, contenders> aims{ApprovalStatus::approved, ApprovalStatus::rejected,
                                                      ApprovalStatus::timeout, ApprovalStatus::cancelled};
/// The words for each winner in what the losers are told.
constexpr std::array<const char*, contenders> marks{"approved by ana (web)", "rejected by bob (terminal)",
                                                    "nobody answered by the deadline", "the caller gave up waiting"};

/// What the four share.
struct Arena {
    Barrier barrier{contenders};
    Line request_id;
    std::array<Line, contenders> told;  ///< empty if it has won
    std::array<int, contenders> wins{};
    Line fault;
    bool is_over = false;
};

/// Each returns what it was told, or nothing if it has won.
std::string decide(Reviewer& reviewer, const std::string& id, Contender self) {
    try {
        self == web ? reviewer.approve(id) : reviewer.reject(id);
        return {};
    } catch (const DecisionError& error) {
        return error.what();
    }
}

std::string told(const ApprovalRequest& request, Contender self) {
    return request.status == aims.at(self) ? std::string() : describe(request);
}

std::string expire(Storage& storage, const std::string& id) {
    return told(swept(storage, id), clock_);
}

std::string cancel(Storage& storage, const std::string& id) {
    return told(storage.end(id, ApprovalStatus::cancelled, "the caller gave up waiting"), agent);
}

template <typename Attempt>
void take_part(const Site& site, Arena& arena, Contender self, Attempt attempt) {
    while (true) {
        arena.barrier.meet();
        if (arena.is_over) return;
        stagger(site.record->turn());
        arena.told.at(self).set(attempt(arena.request_id.get()));
        arena.barrier.meet();
    }
}

void take_part_as_reviewer(const Site& site, Arena& arena, Contender self) {
    Reviewer reviewer(site.open(racing()), self == web ? "ana" : "bob", self == web ? "web" : "terminal");
    take_part(site, arena, self, [&](const std::string& id) { return decide(reviewer, id, self); });
}

void take_part_as_clock(const Site& site, Arena& arena) {
    const auto storage = site.open(racing(std::make_shared<LateClock>()));
    take_part(site, arena, clock_, [&](const std::string& id) { return expire(*storage, id); });
}

/// The agent makes the request, takes part, and judges each race.
class Agent {
public:
    Agent(const Site& site, Arena& arena) : site_(site), arena_(arena), storage_(site.open(racing())) {}

    void run(int count) {
        for (int number = 0; number < count && arena_.fault.get().empty(); ++number) {
            const ApprovalRequest request = ask(number);
            arena_.barrier.meet();
            stagger(site_.record->turn());
            arena_.told.at(agent).set(cancel(*storage_, request.id));
            arena_.barrier.meet();
            judge(request);
        }
        arena_.is_over = true;
        arena_.barrier.meet();
    }

private:
    ApprovalRequest ask(int number) {
        ApprovalRequest request;
        request.id = random_uuid();
        request.tool_name = "send";
        request.tool_args = arguments_of(std::to_string(number));
        request.created_at = SystemClock().now();
        request.deadline = request.created_at + std::chrono::hours{1};
        request.agent = "racing agent";
        request.nonce = random_hex(16);
        request.ours = true;
        request.view_digest = view_digest(request);
        storage_->submit(request);
        arena_.request_id.set(request.id);
        return request;
    }

    void judge(const ApprovalRequest& request) {
        const auto won = [](const Line& line) { return line.get().empty(); };
        if (std::count_if(arena_.told.begin(), arena_.told.end(), won) != 1) return blame("there is not one winner");
        const auto at = std::find_if(arena_.told.begin(), arena_.told.end(), won);
        const auto winner = static_cast<std::size_t>(at - arena_.told.begin());
        ++arena_.wins.at(winner);
        if (storage_->find(request.id)->status != aims.at(winner)) blame("the record names another winner");
        for (const Line& line : arena_.told) {
            if (!won(line) && line.get().find(marks.at(winner)) == std::string::npos) blame("a loser was misled");
        }
    }

    void blame(const std::string& what) {
        std::string text = what + ":";
        for (std::size_t each = 0; each < contenders; ++each) {
            text += std::string(" ") + names.at(each) + " was told '" + arena_.told.at(each).get() + "',";
        }
        arena_.fault.set(text);
    }

    const Site& site_;
    Arena& arena_;
    std::shared_ptr<Storage> storage_;
};

bool hold_races(const Site& site, Arena& arena, int count) {
    std::deque<ForkedChild> children;
    enter(children, [&] { Agent(site, arena).run(count); });
    enter(children, [&] { take_part_as_clock(site, arena); });
    for (const Contender self : {web, terminal}) {
        enter(children, [&, self] { take_part_as_reviewer(site, arena, self); });
    }
    return all_end_well(children);
}

}  // namespace

bool race(const fs::path& directory, int count) {
    const FreshSite fresh(directory / "races");
    const Site& site = fresh.site;
    const SharedMemory<Arena> arena;
    const auto begin = std::chrono::steady_clock::now();
    const bool is_well = hold_races(site, *arena, count);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

    std::cout << count << " races of four processes in " << seconds << " s\n";
    for (std::size_t each = 0; each < contenders; ++each)
        std::cout << "  " << names.at(each) << " won " << arena->wins.at(each) << '\n';
    const RecordReport report = check_record(site, Agents::all_gone);
    std::cerr << arena->fault.get() << report.text();
    const bool all_won = std::count(arena->wins.begin(), arena->wins.end(), 0) == 0;
    return is_well && all_won && arena->fault.get().empty() && report.faults.empty();
}

}  // namespace approvekit::testing
