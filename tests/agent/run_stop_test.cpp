// Tools that are asked to stop while they run: by whom, what their callers are told, and what the record says.
#include "approvekit/tools.hpp"

#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/guarding_agent.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

void sleep_until_stopped(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any asked;
    std::unique_lock lock(mutex);
    asked.wait(lock, stop, [] { return false; });
}

/// An agent with rules that let a call run for a second.
struct Limiting : GuardingAgent {
    ApproveKit limited{Policy().add_rule(brief("free", false)).add_rule(brief("held", true)), storage};

    static PolicyRule brief(const std::string& tool, bool require_approval) {
        PolicyRule rule = GuardingAgent::rule(tool, require_approval);
        rule.run_timeout = 1s;
        return rule;
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }
    [[nodiscard]] AuditEvent last() const { return last_entry().decision; }
};

std::size_t threads_of_this_process() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("A stop token is no argument of a tool, and asks nothing of a call that nobody stops") {
    const Limiting agent;
    const ApproveKit& kit = GENERATE_REF(std::cref(agent.kit), std::cref(agent.limited)).get();
    auto tool = kit.guard("held", {"n"}, [](int n, std::stop_token stop) { return stop.stop_requested() ? -1 : n; });
    auto ticket = tool.submit(7);
    CHECK(agent.pending().tool_args == Json{{"n", 7}});
    kit.approve(ticket.request_id());
    CHECK(ticket.get() == 7);
    CHECK(agent.last() == AuditEvent::executed);
    CHECK(agent.note().empty());
    CHECK(kit.guard("free", [](const Json& value, std::stop_token) { return value; })(Json(3)) == 3);
    CHECK(kit.call("free", "[1]", [](const Json& value, std::stop_token) { return value; }) == Json::array({1}));
    int changed = 1;
    kit.guard("free", {"n"}, [](int& n, std::stop_token) { ++n; })(changed);
    CHECK(changed == 2);
    CHECK(error_code_of([&] { kit.guard("free", {}, [](std::stop_token) { throw PolicyDeniedError("inner"); })(); }) ==
          ErrorCode::tool_failed);
}

TEST_CASE("A caller's stop reaches the tool, and its late result goes nowhere") {
    const Limiting agent;
    std::stop_source stop;
    std::function<int()> ending;
    auto tool = agent.kit
                    .guard("free", {},
                           [&](std::stop_token token) {
                               stop.request_stop();
                               CHECK(token.stop_requested());
                               return ending();
                           })
                    .with(stop.get_token());
    SECTION("it returns") {
        ending = [] { return 7; };
        const auto outcome = tool.attempt();
        REQUIRE_FALSE(outcome);
        CHECK(outcome.ran());
        CHECK(outcome.refusal().code == ErrorCode::cancelled_while_running);
        CHECK(outcome.refusal().message == "free was cancelled while running: it then returned");
        CHECK_THAT(outcome.text_for_model(), StartsWith("The call ran and was asked to stop; what it did until then"));
        CHECK(agent.last() == AuditEvent::executed);
        CHECK(agent.note() == "cancelled while running: it then returned");
    }
    SECTION("it throws") {
        ending = []() -> int { throw std::runtime_error("given up"); };
        CHECK_THROWS_AS(tool(), RunStoppedError);
        CHECK(agent.last() == AuditEvent::failed);
        CHECK(agent.note() == "cancelled while running: it then failed: given up");
    }
    SECTION("it cannot tell") {
        ending = []() -> int { throw OutcomeUnknownError("sent half of it"); };
        CHECK_THROWS_AS(tool(), RunStoppedError);
        CHECK(agent.last() == AuditEvent::unknown);
        CHECK(agent.note() == "cancelled while running: nobody knows what it then did: sent half of it");
    }
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("A stop that comes after the tool has ended changes nothing") {
    const Limiting agent;
    std::stop_source stop;
    std::stop_token seen;
    auto tool = agent.kit
                    .guard("free", {},
                           [&](std::stop_token token) {
                               seen = token;
                               return 7;
                           })
                    .with(stop.get_token());
    CHECK(tool() == 7);
    stop.request_stop();
    CHECK_FALSE(seen.stop_requested());
    CHECK(agent.note().empty());
}

TEST_CASE("G7 what a stopped call hides is hidden in what its caller is told too") {
    const Limiting agent;
    PolicyRule rule = GuardingAgent::rule("free", false);
    rule.redact_fields = {"pin"};
    const ApproveKit kit(Policy().add_rule(rule), agent.storage);
    std::stop_source stop;
    auto tool = kit.guard("free", {"pin"}, [&](const std::string& pin, std::stop_token) {
        stop.request_stop();
        throw std::runtime_error(pin + " is wrong");
    });
    CHECK_THROWS_WITH(tool.with(stop.get_token())("4711"),
                      "free was cancelled while running: it then failed: [REDACTED] is wrong");
    CHECK(agent.note() == "cancelled while running: it then failed: [REDACTED] is wrong");
}

TEST_CASE("A stoppable tool is called where it is, without a copy of it") {
    const Limiting agent;
    struct Counting {
        std::unique_ptr<int> calls = std::make_unique<int>(0);
        int operator()(const Json&, std::stop_token) { return ++*calls; }
    };
    Counting tool;
    CHECK(agent.kit.call("free", "{}", tool) == 1);
    CHECK(*agent.limited.try_call("free", "{}", tool) == 2);
    CHECK(*agent.kit.try_call("free", "{}", Counting()) == 1);
    std::stop_source stop;
    const auto stopped = agent.kit.try_call(
        "free", "{}", [&](const Json&, std::stop_token token) { return stop.request_stop() && token.stop_requested(); },
        stop.get_token());
    CHECK(stopped.refusal().code == ErrorCode::cancelled_while_running);
}

TEST_CASE("A ticket that cannot be started since no time can be measured says so, and nothing ran") {
    struct Broken final : Clock {
        [[nodiscard]] Time now() const override { return SystemClock().now(); }
        [[nodiscard]] std::chrono::microseconds since_boot() const override { throw std::runtime_error("no clock"); }
    };
    const Limiting agent;
    ApproveKit::Options options;
    options.clock = std::make_shared<Broken>();
    const ApproveKit kit(agent.limited.policy(), agent.storage, options);
    bool ran = false;
    auto ticket = kit.guard("free", {}, [&](std::stop_token) { ran = true; }).submit();
    CHECK_THROWS_WITH(ticket.start(), "no clock");
    CHECK_FALSE(ran);
    CHECK(agent.last() == AuditEvent::refused);
}

TEST_CASE("A tool is asked to stop when the run_timeout of its rule has passed") {
    const Limiting agent;
    const std::string name = GENERATE("free", "held");
    const auto start = std::chrono::steady_clock::now();
    auto ticket = agent.limited.guard(name, {}, [](std::stop_token stop) { sleep_until_stopped(stop); }).submit();
    if (name == "held") agent.limited.approve(ticket.request_id());
    CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::timed_out_while_running);
    CHECK(std::chrono::steady_clock::now() - start >= 1s);
    CHECK(agent.last() == AuditEvent::executed);
    CHECK(agent.note() == "timed out while running (run_timeout 1 s): it then returned");
    if (name == "held") CHECK(agent.storage->find(ticket.request_id())->run == RunState::executed);
}

TEST_CASE("Work that goes on is asked to stop by its ticket, by a stop token and by the clock") {
    const Limiting agent;
    std::optional<Completion<int>> done;
    std::stop_token seen;
    auto tool = agent.limited.guard("free", {}, [&](Completion<int> completion, std::stop_token stop) {
        done = completion;
        seen = stop;
    });
    auto ticket = tool.submit();
    std::stop_source caller;
    SECTION("cancelled") {
        REQUIRE(ticket.start());
        CHECK_FALSE(seen.stop_requested());
        ticket.cancel();
        CHECK(seen.stop_requested());
        CHECK_FALSE(ticket.finished());
        CHECK(done->complete(7));
        CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::cancelled_while_running);
        CHECK(agent.last() == AuditEvent::executed);
        CHECK(agent.note() == "cancelled while running: it then returned");
    }
    SECTION("dropped") {
        REQUIRE(ticket.start());
        { const auto dropped = std::move(ticket); }
        CHECK(seen.stop_requested());
        CHECK(done->fail(std::make_exception_ptr(std::runtime_error("given up"))));
        CHECK(agent.note() == "cancelled while running: it then failed: given up");
    }
    SECTION("stopped while its result is waited for") {
        REQUIRE(ticket.start());
        const std::jthread user([&] { caller.request_stop(); });
        const std::jthread worker([&] {
            sleep_until_stopped(seen);
            done->unknown("half of it");
        });
        CHECK(error_code_of([&] { ticket.get(caller.get_token()); }) == ErrorCode::cancelled_while_running);
        CHECK(agent.last() == AuditEvent::unknown);
    }
    SECTION("stopped by the token that it was started with") {
        REQUIRE(ticket.start(caller.get_token()));
        caller.request_stop();
        CHECK(seen.stop_requested());
        done->complete(1);
        CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::cancelled_while_running);
    }
    SECTION("timed out, and let go of") {
        REQUIRE(ticket.start());
        const std::jthread worker([&] {
            sleep_until_stopped(seen);
            done.reset();
        });
        CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::timed_out_while_running);
        CHECK(agent.last() == AuditEvent::unknown);
        CHECK_THAT(agent.note(), StartsWith("timed out while running (run_timeout 1 s): nobody knows"));
    }
}

TEST_CASE("Work may end within the very call that asks it to stop, on the kit's own thread too") {
    const Limiting agent;
    std::optional<ApproveKit> kit(agent.limited);
    const bool by_clock = GENERATE(true, false);
    std::optional<std::stop_callback<std::function<void()>>> stopped;
    auto ticket = kit->guard("free", {},
                             [&](Completion<int> completion, std::stop_token stop) {
                                 stopped.emplace(stop, [completion] { completion.complete(1); });
                             })
                      .submit();
    REQUIRE(ticket.start());
    if (!by_clock) ticket.cancel();
    CHECK(error_code_of([&] { ticket.get(); }) ==
          (by_clock ? ErrorCode::timed_out_while_running : ErrorCode::cancelled_while_running));
    CHECK(agent.last() == AuditEvent::executed);
}

TEST_CASE("G12 a tool that cannot be asked to stop does not run under a rule with a run_timeout") {
    const Limiting agent;
    bool ran = false;
    const std::string name = GENERATE("free", "held");
    const auto outcome = agent.limited.guard(name, {}, [&] { ran = true; }).attempt();
    REQUIRE_FALSE(outcome);
    CHECK(outcome.refusal().code == ErrorCode::denied);
    CHECK_THAT(outcome.refusal().message, ContainsSubstring("takes no std::stop_token"));
    CHECK(error_code_of([&] { agent.limited.guard(name, {}, [&](Completion<int>) { ran = true; })(); }) ==
          ErrorCode::denied);
    CHECK(error_code_of([&] { agent.limited.call(name, "{}", [&](const Json&) { ran = true; }); }) ==
          ErrorCode::denied);
    CHECK_FALSE(ran);
    CHECK(agent.events() == AuditEvents(3, AuditEvent::denied));
    CHECK(agent.storage->list({}).requests.empty());
}

TEST_CASE("G12 a permit of such a rule starts nothing before it was asked for the token") {
    const Limiting agent;
    Permit permit = agent.limited.admit("free", Json::object(), {}, {}, CanStop::yes);
    CHECK(error_code_of([&] { permit.start(Json::object()); }) == ErrorCode::denied);
    CHECK(permit.is_spent());
    CHECK(agent.last() == AuditEvent::refused);
    Permit other = agent.limited.admit("free", Json::object(), {}, {}, CanStop::yes);
    const auto stop = other.stoppable();
    other.start(Json::object());
    sleep_until_stopped(stop->token());
    other.executed();
    CHECK(agent.last() == AuditEvent::executed);
    CHECK_THAT(agent.note(), StartsWith("timed out while running"));
    CHECK(error_code_of([&] { static_cast<void>(other.stoppable()); }) == ErrorCode::misuse);
}

TEST_CASE("A call that was altered before it started is refused as that, also when it was to stop") {
    const GuardingAgent agent;
    struct Changing {
        std::shared_ptr<int> value = std::make_shared<int>(1);
    };
    std::stop_source stop;
    Permit permit = agent.kit.admit("free", Json(1), {}, {}, CanStop::yes);
    const auto run_stop = permit.stoppable(stop.get_token());
    stop.request_stop();
    CHECK(error_code_of([&] { permit.start(Json(2)); }) == ErrorCode::altered);
    CHECK_NOTHROW(run_stop->throw_if_stopped());
    CHECK_THAT(agent.last_entry().reviewer_notes.value_or(""), StartsWith("altered"));
}

TEST_CASE("The time of all runs is measured by one thread, which no other rule needs") {
    const Limiting agent;
    agent.kit.guard("free", {}, [](std::stop_token) {})();
    const std::size_t before = threads_of_this_process();
    agent.kit.guard("free", {}, [&](std::stop_token) { CHECK(threads_of_this_process() == before); })();
    std::vector<Completion<int>> done;
    auto tool = agent.limited.guard("free", {},
                                    [&](Completion<int> completion, std::stop_token) { done.push_back(completion); });
    std::vector<Ticket<int>> tickets;
    for (int number = 0; number < 10; ++number) {
        tickets.push_back(tool.submit());
        tickets.back().start();
    }
    CHECK(threads_of_this_process() == before + 1);
    for (const auto& completion : done)
        completion.complete(1);
}

TEST_CASE("A model is told that a tool was asked to stop, and sees no token among the arguments") {
    const Limiting agent;
    Tools tools(agent.limited);
    tools.add("free", {"n"}, [](int n, std::stop_token stop) {
        if (n > 0) sleep_until_stopped(stop);
        return n;
    });
    CHECK(tools.call("free", R"({"n": 0})").text_for_model() == "0");
    CHECK(tools.for_mcp().at(0).at("inputSchema").at("properties").size() == 1);
    CHECK_THAT(tools.call("free", R"({"n": 1})").text_for_model(), StartsWith("The call ran and was asked to stop") &&
                                                                       ContainsSubstring("run_timeout 1 s") &&
                                                                       ContainsSubstring("Find out what it did"));
}
