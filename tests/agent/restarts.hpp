#pragma once

#include "approvekit/approvekit.hpp"

#include "memory/memory_storage.hpp"
#include "support/catch.hpp"
#include "support/settable_clock.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

/// An agent that is started again and again on one record. It calls "pay" (held) and "note" (allowed) with the key k-1.
namespace approvekit::testing::restarts {

inline Policy policy_with(const std::string& held_risk = "medium") {
    PolicyRule held;
    held.tool = "pay";
    held.require_approval = true;
    held.risk_level = held_risk;
    held.redact_fields = {"pin"};
    held.timeout = std::chrono::seconds{60};
    PolicyRule free;
    free.tool = "note";
    free.auto_approve = true;
    free.redact_fields = {"pin"};
    return Policy().add_rule(held).add_rule(free);
}

/// One process of an agent, on a record that others share.
struct Process {
    Process(const std::shared_ptr<memory::Database>& database, const std::shared_ptr<testing::SettableClock>& clock,
            Policy policy, std::optional<AgentSecret> secret)
        : storage(std::make_shared<memory::MemoryStorage>(database)),
          kit(std::move(policy), storage, options(clock, std::move(secret))) {}

    static ApproveKit::Options options(const std::shared_ptr<testing::SettableClock>& clock,
                                       std::optional<AgentSecret> secret) {
        ApproveKit::Options options;
        options.clock = clock;
        options.secret = std::move(secret);
        options.record_results = true;
        return options;
    }

    [[nodiscard]] PendingCall ask(const Json& arguments = {{"to", "ana"}}, Call call = {.idempotency_key = "k-1"},
                                  const std::string& tool = "pay") const {
        return kit.with(std::move(call)).submit(tool, arguments);
    }
    /// How the call is refused. The test fails if it is not.
    [[nodiscard]] Refusal refusal(const Json& arguments = {{"to", "ana"}}, const std::string& tool = "pay") const {
        try {
            static_cast<void>(ask(arguments, {.idempotency_key = "k-1"}, tool));
        } catch (const RefusedError& error) {
            return describe(error);
        }
        FAIL("nothing was refused");
        return {};
    }
    [[nodiscard]] ApprovalRequest found(const std::string& id) const { return storage->find(id).value(); }

    std::shared_ptr<memory::MemoryStorage> storage;
    ApproveKit kit;
};

struct Restarts {
    [[nodiscard]] std::unique_ptr<Process> start(Policy policy = policy_with(),
                                                 std::optional<AgentSecret> kept = std::nullopt) const {
        return std::make_unique<Process>(database, clock, std::move(policy), std::move(kept));
    }
    /// Leaves the request of a process that was killed while it waited for it. Returns the request's id.
    [[nodiscard]] std::string left(const Json& arguments = {{"to", "ana"}},
                                   std::optional<AgentSecret> kept = std::nullopt,
                                   Call call = {.idempotency_key = "k-1"}) const {
        const auto process = start(policy_with(), std::move(kept));
        const PendingCall pending = process->ask(arguments, std::move(call));
        process->storage->die();
        return pending.request_id();
    }

    std::shared_ptr<testing::SettableClock> clock = std::make_shared<testing::SettableClock>();
    std::shared_ptr<memory::Database> database =
        std::make_shared<memory::Database>(memory::Database::Options{.clock = clock, .attempts = 1});
    AgentSecret secret = AgentSecret::from_text(std::string(32, 's'));
};

}  // namespace approvekit::testing::restarts
