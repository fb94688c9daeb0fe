// Tickets that a coroutine awaits: when it continues, on which thread, and what it gets.
#include "approvekit/tools.hpp"

#include "agent/running_coroutine.hpp"
#include "memory/memory_storage.hpp"
#include "support/catch.hpp"
#include "support/failing_storage.hpp"
#include "support/guarding_agent.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using approvekit::testing::RunningCoroutine;
using namespace std::chrono_literals;

namespace {

struct Story {
    std::string end;
    std::thread::id thread;
    std::atomic<bool> is_told_of_trouble = false;
    std::atomic<bool> is_over = false;

    [[nodiscard]] std::string awaited() const {
        if (!eventually([this] { return is_over.load(); })) return "it never went on";
        return end;
    }
};

RunningCoroutine tell(Ticket<int> ticket, Story& story, std::stop_token stop = {}) {
    try {
        story.end = std::to_string(co_await ticket.awaited(stop));
    } catch (const Error& error) {
        story.end = to_string(error.code());
    }
    story.thread = std::this_thread::get_id();
    story.is_over = true;
}

/// A tool that leaves its completion to others.
struct Leaving : GuardingAgent {
    std::shared_ptr<std::vector<Completion<int>>> done = std::make_shared<std::vector<Completion<int>>>();
    std::shared_ptr<std::atomic<int>> starts = std::make_shared<std::atomic<int>>(0);

    [[nodiscard]] Ticket<int> ask(const std::string& name = "held") const {
        return kit
            .guard(name, {"n"},
                   [done = done, starts = starts](Completion<int> completion, int) {
                       done->push_back(std::move(completion));
                       ++*starts;
                   })
            .submit(1);
    }
    /// Waits until the tool was started this often.
    [[nodiscard]] Completion<int>& completion(int number = 1) const {
        if (!eventually([&] { return *starts >= number; })) throw std::runtime_error("the tool does not start");
        return done->back();
    }
};

/// Waits until the kit's thread, which takes one after the other, is waiting for everything that was awaited before.
void await_another(const Leaving& agent) {
    Story other;
    auto ticket = agent.kit.guard("held", {}, [](Completion<int> done) { done.complete(1); }).submit();
    const std::string id = ticket.request_id();
    tell(std::move(ticket), other);
    agent.kit.approve(id);
    CHECK(other.awaited() == "1");
}

/// Fails once, the first time that it is asked after changes may have been missed.
class BrieflyBusy final : public approvekit::testing::FailingStorage {
public:
    [[nodiscard]] std::optional<ApprovalRequest> find(std::string_view request_id) override {
        if (fails_.exchange(false)) throw StorageError(ErrorCode::storage_busy, "busy");
        return FailingStorage::find(request_id);
    }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override {
        listener_ = listener;
        return FailingStorage::subscribe(std::move(listener));
    }
    void miss_changes_once() {
        fails_ = true;
        listener_->on_change({});
    }

private:
    std::atomic<bool> fails_ = false;
    std::shared_ptr<ChangeListener> listener_;
};

/// Awaits a ticket again if the record could not be read.
RunningCoroutine tell_twice(Ticket<int>& ticket, Story& story) {
    try {
        story.end = std::to_string(co_await ticket);
    } catch (const StorageError& error) {
        story.end = to_string(error.code());
        story.is_told_of_trouble = true;
    }
    if (story.is_told_of_trouble) story.end += ", then " + std::to_string(co_await ticket);
    story.is_over = true;
}

/// Keeps the kit's thread busy with a tool until `is_through`, and returns when it is busy.
void hold_up(const ApproveKit& kit, Story& story, const std::atomic<bool>& is_through) {
    std::atomic<bool> is_held_up = false;
    auto ticket = kit.guard("held", {},
                            [&] {
                                is_held_up = true;
                                return eventually([&] { return is_through.load(); }) ? 1 : 0;
                            })
                      .submit();
    const std::string id = ticket.request_id();
    tell(std::move(ticket), story);
    kit.approve(id);
    CHECK(eventually([&] { return is_held_up.load(); }));
}

std::size_t threads_running() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks)));
}

}  // namespace

TEST_CASE("A coroutine that awaits a ticket goes on where its work is completed") {
    const Leaving agent;
    Story story;
    auto ticket = agent.ask();
    const std::string id = ticket.request_id();
    tell(std::move(ticket), story);
    CHECK_FALSE(story.is_over);
    agent.kit.approve(id);
    Completion<int>& done = agent.completion();
    await_another(agent);
    CHECK_FALSE(story.is_over);
    std::thread::id worker_id;
    std::jthread([&] {
        worker_id = std::this_thread::get_id();
        done.complete(49);
    }).join();
    CHECK(story.is_over);
    CHECK(story.end == "49");
    CHECK(story.thread == worker_id);
    CHECK(agent.events() ==
          AuditEvents{AuditEvent::approved, AuditEvent::approved, AuditEvent::executed, AuditEvent::executed});
}

TEST_CASE("A coroutine whose call may run at once starts it where it is") {
    const Leaving agent;
    Story story;
    tell(agent.ask("free"), story);
    CHECK(*agent.starts == 1);
    CHECK_FALSE(story.is_over);
    agent.completion().complete(1);
    CHECK(story.end == "1");
    Story immediate;
    tell(agent.kit.guard("free", {}, [](Completion<int> done) { done.complete(2); }).submit(), immediate);
    CHECK(immediate.end == "2");
    CHECK(immediate.thread == std::this_thread::get_id());
    Story plain;
    tell(agent.kit.guard("free", {}, [] { return 3; }).submit(), plain);
    CHECK(plain.end == "3");
}

TEST_CASE("A coroutine is told when its ticket is refused, by a reviewer, the clock or its own stop") {
    const Leaving agent;
    Story story;
    std::stop_source stop;
    SECTION("a reviewer") {
        auto ticket = agent.ask();
        const std::string id = ticket.request_id();
        tell(std::move(ticket), story);
        agent.kit.reject(id);
        CHECK(story.awaited() == "rejected");
    }
    SECTION("the clock, which nobody else looks at") {
        // A record in memory does not check deadlines by itself.
        memory::Database::Options clocks;
        clocks.clock = std::make_shared<SystemClock>();
        const auto storage = std::make_shared<memory::MemoryStorage>(std::make_shared<memory::Database>(clocks));
        const ApproveKit brief(Policy().add_rule(GuardingAgent::rule("held", true, 1s)), storage);
        tell(brief.guard("held", {}, [](Completion<int>) {}).submit(), story);
        CHECK(story.awaited() == "timeout");
    }
    SECTION("its own stop while nobody has decided") {
        tell(agent.ask(), story, stop.get_token());
        await_another(agent);
        CHECK_FALSE(story.is_over);
        stop.request_stop();
        CHECK(story.awaited() == "cancelled");
    }
    SECTION("a stop that was asked for before") {
        stop.request_stop();
        tell(agent.ask(), story, stop.get_token());
        CHECK(story.awaited() == "cancelled");
    }
    SECTION("its own stop while the work goes on") {
        tell(agent.kit.guard("free", {}, [&](Completion<int> done, std::stop_token) { agent.done->push_back(done); })
                 .submit(),
             story, stop.get_token());
        stop.request_stop();
        CHECK_FALSE(story.is_over);
        agent.done->back().complete(1);
        CHECK(story.awaited() == "cancelled_while_running");
    }
    SECTION("its own stop while work goes on that was started before") {
        auto ticket =
            agent.kit.guard("free", {}, [&](Completion<int> done, std::stop_token) { agent.done->push_back(done); })
                .submit();
        REQUIRE(ticket.start());
        tell(std::move(ticket), story, stop.get_token());
        stop.request_stop();
        CHECK_FALSE(story.is_over);
        agent.done->back().complete(1);
        CHECK(story.awaited() == "cancelled_while_running");
    }
    CHECK(*agent.starts == 0);
}

TEST_CASE("G6 a coroutine is told when the record cannot be read, though but once, and may await again") {
    const auto storage = std::make_shared<BrieflyBusy>();
    const ApproveKit kit(Policy(), storage);
    auto ticket = kit.guard("held", {}, [](Completion<int> done) { done.complete(3); }).submit();
    Story story;
    Story busy;
    std::atomic<bool> is_through = false;
    SECTION("when it begins to wait") {
        hold_up(kit, busy, is_through);
        tell_twice(ticket, story);
        storage->miss_changes_once();
    }
    SECTION("when it waits already") {
        tell_twice(ticket, story);
        hold_up(kit, busy, is_through);
        storage->miss_changes_once();
    }
    is_through = true;
    CHECK(busy.awaited() == "1");
    CHECK(eventually([&] { return story.is_told_of_trouble.load(); }));
    kit.approve(ticket.request_id());
    CHECK(story.awaited() == "storage_busy, then 3");
}

TEST_CASE("A plain tool runs on the kit's own thread when its coroutine goes on there") {
    const GuardingAgent agent;
    Story story;
    std::thread::id tool_thread;
    auto ticket = agent.kit
                      .guard("held", {},
                             [&] {
                                 tool_thread = std::this_thread::get_id();
                                 return 7;
                             })
                      .submit();
    const std::string id = ticket.request_id();
    tell(std::move(ticket), story);
    std::thread::id reviewer_id;
    std::jthread([&] {
        reviewer_id = std::this_thread::get_id();
        agent.kit.approve(id);
    }).join();
    CHECK(story.awaited() == "7");
    CHECK(tool_thread == story.thread);
    CHECK(tool_thread != reviewer_id);
    CHECK(tool_thread != std::this_thread::get_id());
}

TEST_CASE("A coroutine may await one ticket after the other, started ones too") {
    const GuardingAgent agent;
    Story story;
    std::vector<Completion<int>> done;
    auto tool = agent.kit.guard("free", {"n"}, [&](Completion<int> completion, int n) {
        if (n == 1) return static_cast<void>(done.push_back(completion));
        completion.complete(n);
    });
    const auto sum = [](auto& guarded, Story& told) -> RunningCoroutine {
        auto started = guarded.submit(1);
        started.start();
        int total = co_await guarded.submit(10);
        total += co_await started;
        total += co_await guarded.submit(100);
        told.end = std::to_string(total);
        told.is_over = true;
    };
    sum(tool, story);
    REQUIRE(done.size() == 1);
    CHECK_FALSE(story.is_over);
    done.front().complete(1);
    CHECK(story.awaited() == "111");
}

TEST_CASE("Hundreds of coroutines wait without a thread of their own, and each goes on once") {
    const GuardingAgent agent;
    auto tool = agent.kit.guard("held", {"n"}, [](Completion<int> done, int n) { done.complete(n); });
    std::vector<std::unique_ptr<Story>> stories;
    std::vector<std::string> ids;
    std::size_t threads = 0;
    for (int number = 0; number < 200; ++number) {
        auto ticket = tool.submit(number);
        ids.push_back(ticket.request_id());
        stories.push_back(std::make_unique<Story>());
        tell(std::move(ticket), *stories.back());
        if (number == 0) threads = threads_running();
    }
    CHECK(threads_running() == threads);
    {
        std::vector<std::jthread> reviewers;
        for (std::size_t first = 0; first < 2; ++first) {
            reviewers.emplace_back([&, first] {
                for (std::size_t place = first; place < ids.size(); place += 2)
                    agent.kit.approve(ids[ids.size() - 1 - place]);
            });
        }
    }
    for (std::size_t number = 0; number < stories.size(); ++number)
        CHECK(stories[number]->awaited() == std::to_string(number));
}

TEST_CASE("The last of a kit may go with a coroutine that goes on on its thread") {
    const GuardingAgent agent;
    Story story;
    std::string id;
    {
        ApproveKit last(agent.kit.policy(), agent.storage);
        const auto own = [](ApproveKit kit, Story& told, std::string& request) -> RunningCoroutine {
            auto ticket = kit.guard("held", {}, [](Completion<int> done) { done.complete(5); }).submit();
            request = ticket.request_id();
            told.end = std::to_string(co_await ticket);
            const auto before_the_end = std::move(kit);
            told.is_over = true;
        };
        own(std::move(last), story, id);
    }
    agent.kit.approve(id);
    CHECK(story.awaited() == "5");
    CHECK(agent.last_entry().decision == AuditEvent::executed);
}
