#pragma once

#include "approvekit/storage.hpp"
#include "memory/memory_storage.hpp"
#include "record/explorer/seen.hpp"
#include "support/settable_clock.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::explorer {

/// What an agent keeps about a call that it started.
struct StartedCall {
    std::string entry_id;
    Version taken = Version::asked;
};

/// A record of some engine, with everybody who acts on it.
class Site {
public:
    virtual ~Site() = default;

    /// Takes an applicable step.
    virtual Outcome take(Step step) = 0;
    [[nodiscard]] virtual Seen look() = 0;
};

/// How much of the limit may be used at the same time, and how long a start counts. Each start takes 1.
inline constexpr int most_used = 2;
inline constexpr std::chrono::seconds time_of_use{55};

/// The request that all orders are about.
[[nodiscard]] ApprovalRequest request_at(const Clock& clock, Setting setting);
/// Takes a step of the agent.
[[nodiscard]] Outcome take_as_agent(Step step, Storage& storage, ApprovalRequest& request, StartedCall& call);
/// Takes a step of another agent, which asks with the key of the request.
[[nodiscard]] Outcome take_as_other_agent(Step step, Storage& storage, const ApprovalRequest& request,
                                          std::string& entry_id);
/// Takes a step of another agent that shares the limit of the request.
[[nodiscard]] Outcome take_as_spender(Step step, Storage& storage, std::string& entry_id);
/// Takes a step of a reviewer, or of somebody who stops or sweeps.
[[nodiscard]] Outcome take_as_other(Step step, Storage& storage, const ApprovalRequest& request);
/// Moves the clocks as the step says.
void move_clock(Step step, testing::SettableClock& clock);
/// Changes the row as another program does in the step.
void write_row(Step step, memory::RequestRow& row);

/// In memory: it can be set back to an earlier state.
class MemorySite final : public Site {
public:
    /// Everything that a later step depends on.
    struct Place {
        memory::State state;
        ApprovalRequest request;
        StartedCall call;
        std::string other_entry_id;
        std::optional<memory::RequestRow> removed;
        bool was_resumed = false;
        std::shared_ptr<const record::StoredStop> met;
        Time now{};
        std::chrono::microseconds since_boot{};
    };

    explicit MemorySite(Setting setting = Setting::alone);

    Outcome take(Step step) override;
    [[nodiscard]] Seen look() override;

    [[nodiscard]] Place place() const;
    void return_to(const Place& place);
    /// A text that is equal for places that no later step can tell apart; with `exact`, also no later verification.
    [[nodiscard]] std::string key(bool exact) const;

private:
    Outcome take_as_agent_here(Step step);
    void take_as_another_program(Step step);
    void change_row(Step step, memory::State& state);
    void forge_votes(Step step, memory::State& state) const;
    static void forge_edits(Step step, memory::State& state);
    /// Starts an agent's process with the knowledge that it had: that it has a session, perhaps that others ended that
    /// once, and the stop that it has met.
    void start_agent(bool was_resumed, const std::shared_ptr<const record::StoredStop>& met);
    [[nodiscard]] bool is_session_ended() const;

    std::shared_ptr<testing::SettableClock> clock_ = std::make_shared<testing::SettableClock>();
    std::shared_ptr<memory::Database> database_;
    std::unique_ptr<memory::MemoryStorage> agent_;
    std::unique_ptr<memory::MemoryStorage> other_agent_;
    memory::MemoryStorage ana_;
    memory::MemoryStorage bob_;
    ApprovalRequest request_;
    Setting setting_;
    StartedCall call_;
    std::string other_entry_id_;
    std::optional<memory::RequestRow> removed_;
    bool was_resumed_ = false;
    std::shared_ptr<const record::StoredStop> met_;  ///< the stop that the agent has met
};

}  // namespace approvekit::explorer
