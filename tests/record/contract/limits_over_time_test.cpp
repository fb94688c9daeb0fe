// What started counts for its time and no longer, whatever the wall clock does.
#include "record/contract/limited.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

using namespace approvekit;
using namespace approvekit::contract;
using namespace std::chrono_literals;

CONTRACT_TEST("a limit rolls: each start counts for its time, and not a moment longer") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 2);
    static_cast<void>(agent.start(call));
    agent.engine->clock->pass(30min);
    static_cast<void>(agent.start(call));
    agent.engine->clock->pass(30min - 1us);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    agent.engine->clock->pass(1us);
    CHECK(agent.started(call) == 1);
    CHECK(agent.used() == 2);
    agent.engine->clock->pass(24h);
    CHECK(agent.used() == 0);
    CHECK(agent.started(call) == 2);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a wall clock that is set back gives nothing back") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 2);
    CHECK(agent.started(call) == 2);
    agent.engine->clock->set_back(48h);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    CHECK(agent.used() == 2);
    agent.engine->clock->pass(48h + 59min);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    agent.engine->clock->pass(1min);
    CHECK(agent.started(call) == 2);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("sums that grow for years go on counting") {
    const Limited agent(std::make_unique<TestType>());
    LimitUse use = use_of(0, 0);
    use.amount = std::numeric_limits<std::int64_t>::max() / 5;
    use.most = use.amount;
    for (int turn = 0; turn < 12; ++turn) {
        static_cast<void>(agent.start(use));
        CHECK(agent.storage->used(use) == use.amount);
        CHECK(agent.refused(use) == ErrorCode::limit_reached);
        agent.engine->clock->pass(1h);
    }
    CHECK(agent.is_intact());
}

CONTRACT_TEST("what started while the wall clock was ahead counts until its time, though the clock was set back") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 3);
    static_cast<void>(agent.start(call));
    agent.engine->clock->pass(24h);
    static_cast<void>(agent.start(call));
    CHECK(agent.used() == 1);
    agent.engine->clock->set_back(24h);
    CHECK(agent.used() == 1);
    CHECK(agent.started(call) == 2);
    CHECK(agent.is_intact());
    agent.engine->clock->pass(24h + 59min);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
    agent.engine->clock->pass(1min);
    CHECK(agent.used() == 0);
    CHECK(agent.started(call) == 3);
    CHECK(agent.is_intact());
}

CONTRACT_TEST("a wall clock that is ahead while nothing starts takes nothing from what counts") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 1);
    static_cast<void>(agent.start(call));
    agent.engine->clock->pass(24h);
    CHECK(agent.used() == 0);
    agent.engine->clock->set_back(24h);
    CHECK(agent.refused(call) == ErrorCode::limit_reached);
}

CONTRACT_TEST("verifying misses nothing that does not count any more") {
    const Limited agent(std::make_unique<TestType>());
    const LimitUse call = use_of(1, 3);
    for (int turn = 0; turn < 6; ++turn) {
        const std::string entry_id = agent.start(call);
        if (turn % 2 == 1) agent.give_back(entry_id);
        agent.engine->clock->pass(40min);
    }
    const ApprovalRequest held = agent.approved(call);
    static_cast<void>(agent.claim_under(held, call));
    agent.engine->clock->pass(2h);
    static_cast<void>(agent.start(call));
    CHECK(agent.is_intact());
}
