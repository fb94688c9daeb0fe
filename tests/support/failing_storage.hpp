#pragma once

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/storage.hpp"
#include "memory/memory_storage.hpp"
#include "support/manual_clock.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace approvekit::testing {

/// A reviewer's storage in memory, for tests of the layers above it. Each of its requests comes from a separate agent,
/// which can die, and the storage can be made to fail. Listeners are called on the thread that made the change.
/// Thread-safe.
class FailingStorage : public memory::MemoryStorage {
public:
    explicit FailingStorage(std::shared_ptr<const Clock> clock = std::make_shared<ManualClock>())
        : FailingStorage(
              clock, std::make_shared<memory::Database>(memory::Database::Options{.clock = clock, .attempts = 1})) {}

    /// A request whose deadline is a minute away, and which nobody has submitted yet.
    ApprovalRequest make(std::string tool_name, Json tool_args = Json::object(), std::string id = random_uuid()) {
        ApprovalRequest request;
        request.id = std::move(id);
        request.tool_name = std::move(tool_name);
        request.tool_args = std::move(tool_args);
        request.created_at = clock_->now() + std::chrono::microseconds(++made_);
        request.deadline = request.created_at + std::chrono::minutes(1);
        request.metadata = {{"risk_level", "high"}, {"timeout", 60}};
        request.agent = "agent";
        request.nonce = random_hex(8);
        request.ours = true;
        request.view_digest = view_digest(request);
        return request;
    }

    /// The same, but submitted by an agent and ready to be decided.
    ApprovalRequest add(std::string tool_name, Json tool_args = Json::object(), std::string id = random_uuid()) {
        ApprovalRequest request = make(std::move(tool_name), std::move(tool_args), std::move(id));
        auto agent = std::make_unique<memory::MemoryStorage>(database_);
        agent->submit(request);
        const std::lock_guard lock(mutex_);
        agents_[request.id] = std::move(agent);
        return request;
    }

    /// Adds or replaces a request as another program does.
    void write_as_another_program(const ApprovalRequest& request) {
        memory::RequestRow row{request.tool_name,
                               canonical_json(request.tool_args),
                               "pending",
                               to_text(request.created_at),
                               std::nullopt,
                               std::nullopt,
                               request.metadata.dump()};
        database_->change([&](memory::State& state) { state.requests[request.id] = std::move(row); });
    }

    /// From now on every call fails with `code`; nothing means that they work again.
    void fail_with(std::optional<ErrorCode> code) { database_->fail_with(code); }
    /// How many calls failed like this.
    [[nodiscard]] int failures() const noexcept { return database_->failures(); }

    /// As if somebody had changed the request's arguments without the library.
    void alter(const std::string& id) {
        database_->change([&](memory::State& state) {
            memory::RequestRow& row = state.requests.at(id);
            Json arguments = Json::parse(row.tool_args);
            arguments["edited"] = true;
            row.tool_args = arguments.dump();
        });
    }

    /// As if somebody had written into the row of a stop that it was lifted.
    void say_lifted(const std::string& stop_id) {
        database_->change([&](memory::State& state) {
            for (auto& stored : state.stops) {
                if (stored->stop.id != stop_id) continue;
                auto forged = std::make_shared<record::StoredStop>(*stored);
                forged->stop.ended_at = forged->stop.since;
                forged->stop.ended_by = "mallory";
                forged->stop.ended_way = "web";
                forged->ended_at = forged->since;
                stored = std::move(forged);
            }
        });
    }

    /// As if the agent of the request had died.
    void lose_agent(const std::string& id) {
        const std::lock_guard lock(mutex_);
        agents_.at(id)->die();
    }

private:
    FailingStorage(std::shared_ptr<const Clock> clock, std::shared_ptr<memory::Database> database)
        : MemoryStorage(database), clock_(std::move(clock)), database_(std::move(database)) {}

    std::shared_ptr<const Clock> clock_;
    std::shared_ptr<memory::Database> database_;
    std::mutex mutex_;  // guards agents_
    std::map<std::string, std::unique_ptr<memory::MemoryStorage>> agents_;
    std::atomic<int> made_ = 0;
};

}  // namespace approvekit::testing
