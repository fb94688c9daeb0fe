// How long after its approval a call may start: on both clocks, whoever looks, and whatever happens to the deadline.
#include "approvekit/error.hpp"
#include "record/contract/agent.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

/// An agent with a request that has a deadline of one minute, and a start window if the policy gives one.
struct Windowed : Agent {
    explicit Windowed(std::unique_ptr<contract::Engine> kind, std::optional<int> start_within = std::nullopt)
        : Agent(std::move(kind)) {
        if (!start_within) return;
        request = held_request(*engine->clock);
        request.metadata[start_within_key] = *start_within;
        request.view_digest = view_digest(request);
        storage->submit(request);
    }

    void pass(std::chrono::microseconds time) const { engine->clock->pass(time); }
    /// Whether a sweep by another process leaves it as it is.
    [[nodiscard]] bool is_left_by_sweep() const {
        engine->open()->sweep();
        return storage->sweep() == 0 && found().start_by.has_value();
    }
};

constexpr std::chrono::microseconds moment{1};

}  // namespace

CONTRACT_TEST("G5 an approval shortly before the deadline can be started for a minute") {
    const Windowed agent(std::make_unique<TestType>());
    agent.pass(seconds(50));
    CHECK_FALSE(agent.found().start_by);
    agent.approve();
    CHECK(agent.found().start_by == *agent.request.deadline + seconds(50));
    agent.pass(seconds(60) - moment);
    SECTION("and is") {
        CHECK_FALSE(agent.claim().empty());
        CHECK_FALSE(agent.found().start_by);
    }
    SECTION("and not at the end of it") {
        agent.pass(moment);
        CHECK(agent.refused_claim() == ErrorCode::timeout);
        CHECK(agent.found().run == RunState::none);
        CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    }
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G5 an approval long before the deadline can be started until then") {
    const Windowed agent(std::make_unique<TestType>());
    agent.approve();
    CHECK(agent.found().start_by == agent.request.deadline);
    agent.pass(seconds(60) - moment);
    CHECK(agent.is_left_by_sweep());
    agent.pass(moment);
    CHECK(agent.refused_claim() == ErrorCode::timeout);
}

CONTRACT_TEST("G5 G6 a sweep leaves an approval its window, and ends it afterwards") {
    const Windowed agent(std::make_unique<TestType>());
    agent.pass(seconds(50));
    agent.approve();
    agent.pass(seconds(60) - moment);
    CHECK(agent.is_left_by_sweep());
    CHECK(agent.events() == AuditEvents{AuditEvent::approved});
    agent.pass(moment);
    static_cast<void>(agent.storage->sweep());  // the storage's own sweep may have come before
    CHECK(agent.last_entry().reviewer_notes == "approved, but not started in time");
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
    CHECK(agent.storage->sweep() == 0);
    CHECK(agent.refused_claim() == ErrorCode::timeout);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G5 a window of the policy's own counts instead, be it shorter than the deadline or longer") {
    const int window = GENERATE(10, 3600);
    CAPTURE(window);
    const Windowed agent(std::make_unique<TestType>(), window);
    agent.approve();
    agent.pass(seconds(window) - moment);
    CHECK(agent.is_left_by_sweep());
    SECTION("it starts in time") {
        CHECK_FALSE(agent.claim().empty());
    }
    SECTION("it is refused afterwards") {
        agent.pass(moment);
        CHECK(agent.refused_claim() == ErrorCode::timeout);
    }
    SECTION("a sweep ends it afterwards") {
        agent.pass(moment);
        CHECK_FALSE(agent.is_left_by_sweep());
        CHECK(agent.last_entry().decision == AuditEvent::refused);
    }
}

CONTRACT_TEST("G5 a window is over on whichever clock comes to its end first") {
    const Windowed agent(std::make_unique<TestType>(), 3600);
    agent.approve();
    const std::optional<Time> end = agent.found().start_by;
    agent.pass(hours(1) - moment);
    SECTION("a wall clock that was set back adds nothing") {
        agent.engine->clock->set_back(hours(2));
        CHECK(agent.is_left_by_sweep());
        CHECK(agent.found().start_by == agent.engine->clock->now() + moment);
        agent.pass(moment);
        SECTION("for its agent") {
            CHECK(agent.refused_claim() == ErrorCode::timeout);
        }
        SECTION("for whoever sweeps") {
            CHECK_FALSE(agent.is_left_by_sweep());
        }
    }
    SECTION("clocks that differ by less than a second tell the same end as before") {
        agent.engine->clock->set_back(seconds(1) - moment);
        CHECK(agent.found().start_by == end);
    }
    SECTION("one that was set forward ends it") {
        agent.engine->clock->set_back(-moment);
        CHECK(agent.refused_claim() == ErrorCode::timeout);
    }
}

CONTRACT_TEST("G5 a wall clock that was set back before the approval neither adds to its window nor takes from it") {
    const Windowed agent(std::make_unique<TestType>());
    agent.pass(seconds(50));
    agent.engine->clock->set_back(hours(1));
    agent.approve();
    agent.pass(seconds(60) - moment);
    CHECK(agent.is_left_by_sweep());
    agent.pass(moment);
    CHECK(agent.refused_claim() == ErrorCode::timeout);
}

CONTRACT_TEST("G5 a wall clock that was ahead at the approval and is set right adds nothing to its window") {
    const Windowed agent(std::make_unique<TestType>(), 10);
    agent.engine->clock->set_back(-seconds(50));
    agent.approve();
    agent.engine->clock->set_back(seconds(50));
    agent.pass(seconds(10));
    CHECK(agent.refused_claim() == ErrorCode::timeout);
}

CONTRACT_TEST("G5 what another program writes into a row never makes its window longer") {
    const Windowed agent(std::make_unique<TestType>(), 10);
    agent.approve();
    SECTION("another window") {
        agent.edit([](Row& row) { row.metadata = R"({"risk_level":"high","timeout":60,"start_within":3600})"; });
    }
    SECTION("another time of its approval") {
        agent.edit([&](Row& row) { row.reviewed_at = to_text(*agent.request.deadline); });
    }
    agent.pass(seconds(10));
    CHECK_FALSE(agent.is_left_by_sweep());
    CHECK(agent.found().run == RunState::none);
    CHECK(agent.events() == AuditEvents{AuditEvent::approved, AuditEvent::refused});
}

CONTRACT_TEST("G5 an approval that another program wrote counts from when it is noticed") {
    const Windowed agent(std::make_unique<TestType>());
    agent.pass(seconds(50));
    agent.set_status("approved");
    SECTION("in time: it has its window") {
        agent.storage->end(agent.request.id, ApprovalStatus::timeout, "nobody answered");
        agent.pass(seconds(60) - moment);
        CHECK(agent.is_left_by_sweep());
        CHECK_FALSE(agent.claim().empty());
    }
    SECTION("at the deadline: it is too late") {
        agent.pass(seconds(10));
        CHECK(agent.refused_claim() == ErrorCode::timeout);
    }
    SECTION("in time by a wall clock that was set back: it is too late all the same") {
        agent.pass(seconds(10));
        agent.engine->clock->set_back(seconds(5));
        CHECK(agent.refused_claim() == ErrorCode::timeout);
    }
    CHECK(agent.is_intact());
}

CONTRACT_TEST("G6 many approvals within their windows keep no sweep from what waits too long") {
    const Windowed agent(std::make_unique<TestType>());
    agent.pass(seconds(59));
    agent.approve();
    const ApprovalRequest waiting = agent.submitted();
    agent.pass(seconds(60) - moment);
    CHECK(agent.storage->sweep() == 0);
    agent.pass(moment);
    static_cast<void>(agent.storage->sweep());  // the storage's own sweep may have come before
    CHECK_FALSE(agent.found().start_by);
    CHECK(agent.storage->find(waiting.id)->status == ApprovalStatus::timeout);
}
