// Tools whose work continues after they have returned: what their callers get, and what the record says meanwhile.
#include "approvekit/completion.hpp"

#include "approvekit/tools.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/forked_child.hpp"
#include "support/guarding_agent.hpp"

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace approvekit;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

std::exception_ptr torn_paper() {
    return std::make_exception_ptr(std::runtime_error("the paper is torn"));
}

/// An agent with a tool that only keeps its completion.
struct Patient : GuardingAgent {
    std::shared_ptr<std::optional<Completion<int>>> done = std::make_shared<std::optional<Completion<int>>>();

    [[nodiscard]] auto tool(const std::string& name) const {
        return kit.guard(name, {"n"},
                         [done = done](Completion<int> completion, int) { *done = std::move(completion); });
    }
    /// A ticket whose tool was started.
    [[nodiscard]] Ticket<int> started(const std::string& name = "free") const {
        auto ticket = tool(name).submit(7);
        if (name == "held") kit.approve(ticket.request_id());
        REQUIRE(ticket.start());
        return ticket;
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }
    [[nodiscard]] AuditEvent last() const { return last_entry().decision; }
};

}  // namespace

TEST_CASE("G13 a call whose work goes on is executed when that has ended, and not before") {
    const Patient agent;
    const std::string name = GENERATE("free", "held");
    auto ticket = agent.started(name);
    CHECK_FALSE(ticket.finished());
    CHECK(agent.last() == AuditEvent::approved);
    if (name == "held") CHECK(agent.storage->find(ticket.request_id())->run == RunState::running);
    const std::jthread worker([&] { CHECK((*agent.done)->complete(49)); });
    CHECK(ticket.get() == 49);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::executed});
    if (name == "held") CHECK(agent.storage->find(ticket.request_id())->run == RunState::executed);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("A guarded call returns what its completion is given, when the work has ended") {
    const GuardingAgent agent;
    std::vector<std::jthread> workers;
    auto squared = agent.kit.guard(
        "free", {"n"}, [&](Completion<int> done, int n) { workers.emplace_back([done, n] { done.complete(n * n); }); });
    CHECK(squared(7) == 49);
    CHECK(squared.attempt(3).value() == 9);
    bool ran = false;
    agent.kit.guard("free", {}, [&](Completion<void> done) {
        workers.emplace_back([done, &ran] {
            ran = true;
            done.complete();
        });
    })();
    CHECK(ran);
    auto owned = agent.kit.guard(
        "free", {}, [](Completion<std::unique_ptr<int>> done) { done.complete(std::make_unique<int>(5)); });
    CHECK(*owned() == 5);
    auto json = agent.kit.guard("free", [&](Completion<std::string> done, Json value, int times) {
        workers.emplace_back([done, value, times] { done.complete(value.dump() + " " + std::to_string(times)); });
    });
    CHECK(json({{"a", 1}}, 2) == R"({"a":1} 2)");
    CHECK(json.submit({{"a", 1}}, 3).get() == R"({"a":1} 3)");
    CHECK(agent.kit.call("free", "{}", [](Completion<int> done, Json) { done.complete(4); }) == 4);
    CHECK(*agent.kit.try_call("free", "{}", [](Completion<int> done, Json) { done.complete(4); }) == 4);
}

TEST_CASE("G2 a tool whose work goes on owns what was shown, whatever the caller does to it") {
    const GuardingAgent agent;
    std::optional<Completion<std::string>> done;
    std::function<void()> work;
    auto tool = agent.kit.guard("held", {"text"}, [&](Completion<std::string> completion, std::string text) {
        work = [completion, text] { completion.complete(text); };
    });
    std::string text = "a text that is too long to be kept in place";
    auto ticket = tool.submit(text);
    CHECK(agent.pending().tool_args == Json{{"text", text}});
    text.assign(text.size(), 'x');
    agent.kit.approve(ticket.request_id());
    REQUIRE(ticket.start());
    work();
    CHECK(ticket.get() == "a text that is too long to be kept in place");
}

TEST_CASE("Work that fails reaches the caller and the record as a throw would") {
    const Patient agent;
    auto ticket = agent.started();
    SECTION("an exception") {
        CHECK((*agent.done)->fail(torn_paper()));
        CHECK_THROWS_WITH(ticket.get(), "the paper is torn");
        CHECK(agent.last() == AuditEvent::failed);
        CHECK(agent.note() == "the paper is torn");
    }
    SECTION("one that is no std::exception") {
        CHECK((*agent.done)->fail(std::make_exception_ptr(7)));
        CHECK_THROWS_AS(ticket.get(), int);
        CHECK(agent.last() == AuditEvent::failed);
    }
    SECTION("an error of ApproveKit, as of a call within") {
        CHECK((*agent.done)->fail(std::make_exception_ptr(PolicyDeniedError("inner"))));
        CHECK_THROWS_AS(ticket.get(), ToolFailedError);
        CHECK(agent.last() == AuditEvent::failed);
    }
    SECTION("one that cannot tell") {
        CHECK((*agent.done)->fail(std::make_exception_ptr(OutcomeUnknownError("sent, never confirmed"))));
        CHECK_THROWS_WITH(ticket.get(), "sent, never confirmed");
        CHECK(agent.last() == AuditEvent::unknown);
    }
    SECTION("nobody can tell") {
        CHECK((*agent.done)->unknown("sent, never confirmed"));
        CHECK_THROWS_AS(ticket.get(), OutcomeUnknownError);
        CHECK(agent.last() == AuditEvent::unknown);
        CHECK(agent.note() == "sent, never confirmed");
    }
    SECTION("nothing to fail with") {
        CHECK(error_code_of([&] { (*agent.done)->fail(nullptr); }) == ErrorCode::misuse);
        CHECK_FALSE(ticket.finished());
        (*agent.done)->complete(1);
    }
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("G13 a completion that is dropped without an answer leaves the call unknown, and says so") {
    const Patient agent;
    auto ticket = agent.started();
    auto copy = *agent.done;
    agent.done->reset();
    CHECK_FALSE(ticket.finished());
    copy.reset();
    CHECK(ticket.finished());
    CHECK_THROWS_WITH(ticket.get(), "free: its tool let go of the completion without an answer");
    CHECK(agent.last() == AuditEvent::unknown);
    CHECK(error_code_of([&] { agent.kit.guard("free", {}, [](Completion<int>) {})(); }) == ErrorCode::outcome_unknown);
}

TEST_CASE("The first answer of a completion counts, and a later one is told so") {
    const Patient agent;
    auto ticket = agent.started();
    Completion<int> done = **agent.done;
    std::atomic<int> first = 0;
    {
        std::vector<std::jthread> rivals;
        for (int number = 0; number < 4; ++number) {
            rivals.emplace_back([&, number] {
                const bool won = number % 2 == 0 ? done.complete(number) : done.unknown("who knows");
                if (won) ++first;
            });
        }
    }
    CHECK(first == 1);
    CHECK_FALSE(done.complete(9));
    CHECK_FALSE(done.fail(torn_paper()));
    CHECK(agent.events().size() == 2);
    const Completion<int> moved = std::move(done);
    CHECK(error_code_of([&] { done.complete(1); }) == ErrorCode::misuse);  // NOLINT(bugprone-use-after-move)
}

TEST_CASE(
    "A tool that throws before it answers has failed; after that its answer stands, and is what its caller gets") {
    const GuardingAgent agent;
    const bool answers = GENERATE(false, true);
    auto tool = agent.kit.guard("free", {}, [answers](Completion<int> done) {
        if (answers) done.complete(1);
        std::rethrow_exception(torn_paper());
    });
    if (answers) {
        CHECK(tool() == 1);
    } else {
        CHECK_THROWS_WITH(tool(), "the paper is torn");
    }
    CHECK(agent.last_entry().decision == (answers ? AuditEvent::executed : AuditEvent::failed));
}

TEST_CASE("A ticket is started without waiting, and tells when its work has ended") {
    const Patient agent;
    auto ticket = agent.tool("held").submit(7);
    CHECK_FALSE(ticket.start());
    CHECK_FALSE(ticket.finished());
    CHECK(error_code_of([&] { ticket.on_finished([] {}); }) == ErrorCode::misuse);
    agent.kit.approve(ticket.request_id());
    CHECK(ticket.start());
    CHECK(ticket.start());
    int told = 0;
    ticket.on_finished([&] { ++told; });
    CHECK(told == 0);
    std::thread::id teller;
    ticket.on_finished([&] {
        ++told;
        teller = std::this_thread::get_id();
    });
    std::thread::id worker_id;
    std::jthread([&] {
        worker_id = std::this_thread::get_id();
        (*agent.done)->complete(1);
    }).join();
    CHECK(told == 1);
    CHECK(teller == worker_id);
    CHECK(ticket.finished());
    ticket.on_finished([&] { ++told; });
    CHECK(told == 2);
    CHECK(ticket.get() == 1);
    CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::misuse);
    CHECK(error_code_of([&] { ticket.start(); }) == ErrorCode::misuse);
}

TEST_CASE("A ticket of a tool that ends when it returns is started too, and keeps the result") {
    const GuardingAgent agent;
    auto ticket = agent.kit.guard("held", {"n"}, [](int n) { return n + 1; }).submit(1);
    CHECK_FALSE(ticket.start());
    agent.kit.approve(ticket.request_id());
    CHECK(ticket.start());
    CHECK(agent.last_entry().decision == AuditEvent::executed);
    bool told = false;
    ticket.on_finished([&] { told = true; });
    CHECK(told);
    CHECK(ticket.finished());
    CHECK(ticket.get() == 2);
    auto failing = agent.kit.guard("free", {}, [] { std::rethrow_exception(torn_paper()); }).submit();
    CHECK(failing.start());
    CHECK_THROWS_WITH(failing.get(), "the paper is torn");
}

TEST_CASE("A ticket that is refused is not started") {
    const Patient agent;
    auto ticket = agent.tool("held").submit(7);
    agent.kit.reject(ticket.request_id(), {.notes = "not today", .reviewer = "ana"});
    CHECK(error_code_of([&] { ticket.start(); }) == ErrorCode::rejected);
    CHECK(error_code_of([&] { ticket.start(); }) == ErrorCode::rejected);
    CHECK_FALSE(agent.done->has_value());
}

TEST_CASE("G13 work that is unfinished when the kit closes is unknown at once") {
    GuardingAgent agent;
    std::optional<Completion<int>> done;
    std::optional<Ticket<int>> ticket;
    {
        const ApproveKit closing(agent.kit.policy(), agent.storage);
        auto tool = closing.guard("free", {}, [&](Completion<int> completion) { done = completion; });
        const ApproveKit copy = closing;
        ticket = tool.submit();
        REQUIRE(ticket->start());
        CHECK(agent.last_entry().decision == AuditEvent::approved);
    }
    CHECK(agent.last_entry().decision == AuditEvent::unknown);
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""), ContainsSubstring("closed its kit"));
    CHECK_FALSE(done->complete(1));
    CHECK(error_code_of([&] { ticket->get(); }) == ErrorCode::outcome_unknown);
}

TEST_CASE("G13 a completion may outlive ticket, tool, kit and storage") {
    const ScratchDatabase scratch;
    std::optional<Completion<int>> done;
    {
        const ApproveKit kit(Policy().add_rule(GuardingAgent::rule("free", false)),
                             std::make_shared<SqliteStorage>(scratch.path, shared_with_others()));
        kit.guard("free", {}, [&](Completion<int> completion) { done = completion; }).submit().start();
    }
    SqliteStorage record(scratch.path, shared_with_others());
    CHECK(audit_events(record) == AuditEvents{AuditEvent::approved, AuditEvent::unknown});
    CHECK_FALSE(done->complete(1));
}

TEST_CASE("G13 work whose agent is killed is unknown to whoever looks next") {
    const GuardingAgent agent;
    const ForkedChild child([&](const ForkedChild::Report& report) {
        const ApproveKit kit(agent.kit.policy(), std::make_shared<SqliteStorage>(agent.path, shared_with_others()));
        std::optional<Completion<int>> done;
        auto ticket = kit.guard("held", {}, [&](Completion<int> completion) { done = completion; }).submit();
        kit.approve(ticket.request_id());
        ticket.start();
        report();
        ForkedChild::linger();
    });
    const auto ran = agent.storage->list({.status = ApprovalStatus::approved, .limit = 1, .cursor = {}}).requests;
    REQUIRE(ran.size() == 1);
    CHECK(ran.front().run == RunState::running);
    child.kill();
    CHECK(eventually([&] {
        agent.storage->sweep();
        return agent.storage->find(ran.front().id)->run == RunState::unknown;
    }));
}

TEST_CASE("A ticket that is dropped leaves its work to go on, and the record tells how it ended") {
    const Patient agent;
    static_cast<void>(agent.started("held"));
    CHECK(agent.last() == AuditEvent::approved);
    CHECK((*agent.done)->complete(1));
    CHECK(agent.last() == AuditEvent::executed);
}

TEST_CASE("A tool is kept until its work has ended, though nobody else has it any more") {
    const GuardingAgent agent;
    const auto kept = std::make_shared<int>(1);
    std::optional<Completion<int>> done;
    static_cast<void>(
        agent.kit.guard("free", {}, [&done, kept](Completion<int> completion) { done = completion; }).submit().start());
    CHECK(kept.use_count() == 2);
    done->complete(1);
    CHECK(kept.use_count() == 1);
}

TEST_CASE("G7 what a call hides is hidden from what its work says at last, and its result is recorded without it") {
    const GuardingAgent agent;
    PolicyRule rule = GuardingAgent::rule("free", false);
    rule.redact_fields = {"pin"};
    ApproveKit::Options options;
    options.record_results = true;
    const ApproveKit kit(Policy().add_rule(rule), agent.storage, options);
    std::optional<Completion<std::string>> done;
    auto tool = kit.guard("free", {"pin"}, [&](Completion<std::string> completion, std::string) { done = completion; });
    auto ticket = tool.submit("4711");
    ticket.start();
    // What this thread does meanwhile is not part of the run.
    for (int number = 0; number < 300; ++number)
        kit.guard("free", {"pin"}, [](int) {})(1000 + number);
    SECTION("a failure") {
        done->fail(std::make_exception_ptr(std::runtime_error("4711 is wrong")));
        CHECK(agent.last_entry().reviewer_notes.value_or("") == "[REDACTED] is wrong");
    }
    SECTION("a result") {
        done->complete("it was 4711");
        CHECK(agent.last_entry().reviewer_notes.value_or("") == "it was [REDACTED]");
        CHECK(ticket.get() == "it was 4711");
    }
}

TEST_CASE("A model gets the answer of a tool whose work goes on, and of one that fails") {
    const GuardingAgent agent;
    Tools tools(agent.kit);
    std::vector<std::jthread> workers;
    tools.add({"free", "Squares."}, {"n"}, [&](Completion<int> done, int n) {
        workers.emplace_back([done, n] {
            if (n == 0) {
                done.fail(torn_paper());
            } else if (n < 0) {
                done.unknown("no answer");
            } else {
                done.complete(n * n);
            }
        });
    });
    CHECK(tools.call("free", R"({"n": 7})").text_for_model() == "49");
    CHECK_THAT(tools.call("free", R"({"n": 0})").text_for_model(),
               StartsWith("The call ran and failed") && ContainsSubstring("the paper is torn"));
    CHECK_THAT(tools.call("free", R"({"n": -1})").text_for_model(), ContainsSubstring("nobody can tell"));
    CHECK_THAT(tools.call("free", "{}").text_for_model(), ContainsSubstring("n: missing"));
    const Json schema = tools.for_mcp().at(0).at("inputSchema");
    CHECK(schema.at("properties").size() == 1);
    CHECK(schema.at("required") == Json{"n"});
    auto ticket = tools.submit("free", R"({"n": 2})");
    CHECK(ticket.start());
    CHECK(*ticket.attempt() == 4);

    Tools others(agent.kit);
    others.add("held", {}, [](Completion<void> done) { done.complete(); });
    others.add("free", [](Completion<std::string> done, Json arguments) { done.complete(arguments.dump()); });
    CHECK(others.call("free", R"({"a": 1})").text_for_model() == R"({"a":1})");
    auto held = others.submit("held", "");
    agent.kit.approve(held.request_id());
    CHECK(held.attempt().text_for_model() == "Done.");
}
