// Work that continues, in the special cases: a tool throws late, its kit is destroyed, or the process forks.
#include "approvekit/tools.hpp"

#include "support/catch.hpp"
#include "support/error_code_of.hpp"
#include "support/eventually.hpp"
#include "support/forked_child.hpp"
#include "support/guarding_agent.hpp"

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

using namespace approvekit;
using namespace std::chrono_literals;

namespace {

/// An agent with a tool that only keeps its completion.
struct Unfinished : GuardingAgent {
    std::shared_ptr<std::optional<Completion<int>>> done = std::make_shared<std::optional<Completion<int>>>();

    [[nodiscard]] Ticket<int> started(const ApproveKit& by) const {
        auto ticket = by.guard("free", {}, [done = done](Completion<int> completion) { *done = completion; }).submit();
        REQUIRE(ticket.start());
        return ticket;
    }
    [[nodiscard]] std::string note() const { return last_entry().reviewer_notes.value_or(""); }
    [[nodiscard]] AuditEvent last() const { return last_entry().decision; }
};

ApproveKit kit_with_run_timeout(const GuardingAgent& agent, ApproveKit::Options options = {}) {
    PolicyRule rule = GuardingAgent::rule("free", false);
    rule.run_timeout = 1s;
    return {Policy().add_rule(rule), agent.storage, std::move(options)};
}

/// A value whose conversion to JSON throws something that is not a std::exception.
struct Unshown {
    friend void to_json(Json&, const Unshown&) { throw 7; }
};

/// Calls a function when it is destroyed.
class AtItsEnd {
public:
    explicit AtItsEnd(std::function<void()> function) : function_(std::move(function)) {}
    ~AtItsEnd() { function_(); }
    AtItsEnd(const AtItsEnd&) = delete;
    AtItsEnd& operator=(const AtItsEnd&) = delete;

private:
    std::function<void()> function_;
};

}  // namespace

TEST_CASE("The time of a tool is measured, which a listener runs when the clock has ended another one") {
    const GuardingAgent agent;
    const ApproveKit kit = kit_with_run_timeout(agent);
    std::optional<std::stop_callback<std::function<void()>>> stopped;
    auto ticket = kit.guard("free", {},
                            [&](Completion<int> done, std::stop_token stop) {
                                stopped.emplace(stop, [done] { done.unknown("given up"); });
                            })
                      .submit();
    REQUIRE(ticket.start());
    auto second = kit.guard("free", {}, [](std::stop_token stop) {
        static_cast<void>(eventually([&] { return stop.stop_requested(); }, 5s));
    });
    std::optional<ErrorCode> told;
    std::atomic<bool> is_told = false;
    ticket.on_finished([&] {
        told = error_code_of([&] { second(); });
        is_told = true;
    });
    REQUIRE(eventually([&] { return is_told.load(); }));
    CHECK(told == ErrorCode::timed_out_while_running);
}

TEST_CASE("G13 a tool that throws after handing its completion on leaves the call unknown") {
    const Unfinished agent;
    auto tool = agent.kit.guard("free", {}, [&](Completion<int> done) {
        *agent.done = done;
        throw std::runtime_error("the paper is torn");
    });
    CHECK(error_code_of([&] { tool(); }) == ErrorCode::outcome_unknown);
    CHECK(agent.last() == AuditEvent::unknown);
    CHECK(agent.note() == "it threw after handing its completion on: the paper is torn");
    CHECK_FALSE((*agent.done)->complete(1));
}

TEST_CASE("A result that cannot be recorded reaches its caller, whatever its to_json throws") {
    const Unfinished agent;
    ApproveKit::Options options;
    options.record_results = true;
    const ApproveKit kit(agent.kit.policy(), agent.storage, options);
    kit.guard("free", {}, [](Completion<Unshown> done) { done.complete(Unshown()); })();
    CHECK(agent.last() == AuditEvent::executed);
    kit.guard("free", {}, [] { return Unshown(); })();
    CHECK(agent.last() == AuditEvent::executed);
    Tools tools(kit);
    tools.add("free", {}, [](Completion<Unshown> done) { done.complete(Unshown()); });
    CHECK(tools.call("free", "{}").text_for_model() == "The tool ran; its result cannot be shown.");
}

TEST_CASE("What a registered tool completes with is recorded as if it had returned it") {
    const Unfinished agent;
    ApproveKit::Options options;
    options.record_results = true;
    Tools tools(ApproveKit(Policy().add_rule(GuardingAgent::rule("*", false)), agent.storage, options));
    tools.add("now", {}, [] { return 90s; });
    tools.add("later", {}, [](Completion<std::chrono::seconds> done) { done.complete(90s); });
    tools.add("nothing", {}, [](Completion<void> done) { done.complete(); });
    const std::string answer = tools.call("now", "{}").text_for_model();
    CHECK(agent.note() == answer);
    CHECK(tools.call("later", "{}").text_for_model() == answer);
    CHECK(agent.note() == answer);
    CHECK(tools.call("nothing", "{}").text_for_model() == "Done.");
    CHECK(agent.note() == "Done.");
}

TEST_CASE("A kit that is going is not copied by whoever it tells") {
    const Unfinished agent;
    std::optional<ApproveKit> kit(std::in_place, agent.kit.policy(), agent.storage);
    auto ticket = agent.started(*kit);
    std::optional<ErrorCode> told;
    ticket.on_finished(
        [&, &going = *kit] { told = error_code_of([&] { static_cast<void>(going.guard("free", {}, [] {})); }); });
    kit.reset();
    CHECK(told == ErrorCode::misuse);
    CHECK(error_code_of([&] { ticket.get(); }) == ErrorCode::outcome_unknown);
}

TEST_CASE("G13 work that would go on does not start when its kit has gone") {
    const Unfinished agent;
    const std::string name = GENERATE("free", "held");
    std::optional<Ticket<int>> ticket;
    bool ran = false;
    {
        const ApproveKit closing(agent.kit.policy(), agent.storage);
        ticket = closing.guard(name, {}, [&](Completion<int>) { ran = true; }).submit();
        if (name == "held") closing.approve(ticket->request_id());
    }
    CHECK(error_code_of([&] { ticket->start(); }) == ErrorCode::cancelled);
    CHECK_FALSE(ran);
    CHECK(agent.last() == AuditEvent::refused);
    CHECK(agent.note() == "not started: its agent closed its kit before it started");
}

TEST_CASE("Who ends the work has let go of its tool when others know of the end") {
    const GuardingAgent agent;
    std::weak_ptr<int> in_tool;
    std::optional<Completion<int>> done;
    std::atomic<bool> is_told = false;
    std::atomic<bool> is_through = false;
    std::optional<Ticket<int>> ticket;
    {
        auto kept = std::make_shared<int>(1);
        in_tool = kept;
        ticket = agent.kit.guard("free", {}, [&done, kept](Completion<int> completion) { done = completion; }).submit();
    }
    REQUIRE(ticket->start());
    ticket->on_finished([&] {
        is_told = true;
        static_cast<void>(eventually([&] { return is_through.load(); }));
    });
    const std::jthread worker([&] { done->complete(1); });
    REQUIRE(eventually([&] { return is_told.load(); }));
    CHECK(ticket->get() == 1);
    ticket.reset();
    CHECK(in_tool.expired());
    is_through = true;
}

TEST_CASE("A listener may own what asks the ticket when it is replaced, and be none") {
    const Unfinished agent;
    auto ticket = agent.started(agent.kit);
    bool asked = false;
    {
        auto owned = std::make_shared<AtItsEnd>([&] { asked = !ticket.finished(); });
        ticket.on_finished([owned] {});
    }
    ticket.on_finished({});
    CHECK(asked);
    CHECK((*agent.done)->complete(1));
    CHECK_NOTHROW(ticket.on_finished({}));
}

TEST_CASE("A tool that was asked to stop before it started does not start") {
    const Unfinished agent;
    std::stop_source stop;
    stop.request_stop();
    bool ran = false;
    CHECK(error_code_of([&] {
              agent.kit.guard("free", {}, [&](std::stop_token) { ran = true; }).with(stop.get_token())();
          }) == ErrorCode::cancelled);
    CHECK(agent.last() == AuditEvent::refused);
    CHECK(agent.note() == "not started: it was cancelled before it started");
    auto ticket = agent.kit.guard("free", {}, [&](Completion<int>, std::stop_token) { ran = true; }).submit();
    CHECK(error_code_of([&] { ticket.start(stop.get_token()); }) == ErrorCode::cancelled);
    CHECK(agent.last() == AuditEvent::refused);
    CHECK_FALSE(ran);
    CHECK(agent.storage->verify_audit().intact());
}

TEST_CASE("G13 a permit whose start is expected says that nothing ran when it goes before that") {
    const Unfinished agent;
    const bool starts = GENERATE(false, true);
    {
        Permit permit = agent.kit.admit("free", Json::object());
        permit.expect_start();
        if (starts) permit.start(Json::object());
    }
    CHECK(agent.last() == (starts ? AuditEvent::unknown : AuditEvent::refused));
}

TEST_CASE("H29 in a forked child nobody says how the work of the parent ended") {
    const Unfinished agent;
    std::atomic<int> told = 0;
    ApproveKit::Options options;
    options.on_event = [&](const Event& event) { told += event.kind == Event::Kind::started ? 0 : 1; };
    const ApproveKit kit = kit_with_run_timeout(agent, options);
    std::optional<Completion<int>> done;
    auto ticket =
        kit.guard("free", {}, [&](Completion<int> completion, std::stop_token) { done = completion; }).submit();
    REQUIRE(ticket.start());
    std::optional<Permit> permit = kit.admit("free", Json::object(), {}, {}, CanStop::yes);
    ForkedChild child([&](const ForkedChild::Report& report) {
        const bool answered = done->complete(1) || done->unknown("who knows") ||
                              done->fail(std::make_exception_ptr(std::runtime_error("torn")));
        done.reset();
        permit->executed();
        report();
        ::_exit(!answered && told == 0 ? 42 : 1);
    });
    CHECK(child.wait() == 42);
    CHECK(done->complete(2));
    CHECK(ticket.get() == 2);
    permit->not_started("given up");
}
