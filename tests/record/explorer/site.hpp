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

/// What an agent has of a call that it started.
struct StartedCall {
    std::string entry_id;
    Version taken = Version::asked;
};

/// A record of some engine, with all who act on it.
class Site {
public:
    virtual ~Site() = default;

    /// Takes an applicable step.
    virtual Outcome take(Step step) = 0;
    [[nodiscard]] virtual Seen look() = 0;
};

/// How much of the limit may be used at once, and how long a start counts. Each start takes 1.
inline constexpr int most_used = 2;
inline constexpr std::chrono::seconds time_of_use{55};

/// The request that all orders are about.
[[nodiscard]] ApprovalRequest request_at(const Clock& clock, Setting setting);
/// What the agent does in a step of its own.
[[nodiscard]] Outcome take_as_agent(Step step, Storage& storage, ApprovalRequest& request, StartedCall& call);
/// What another agent does, which asks with the key of the request.
[[nodiscard]] Outcome take_as_other_agent(Step step, Storage& storage, const ApprovalRequest& request,
                                          std::string& entry_id);
/// What another agent does that takes of the limit of the request.
[[nodiscard]] Outcome take_as_spender(Step step, Storage& storage, std::string& entry_id);
/// What a reviewer, or whoever stops or sweeps, does.
[[nodiscard]] Outcome take_as_other(Step step, Storage& storage, const ApprovalRequest& request);
/// How far each clock moves in a step.
void move_clock(Step step, testing::SettableClock& clock);
/// How another program changes the row in a step.
void write_row(Step step, memory::RequestRow& row);

/// In memory: it can be set back to where it was.
class MemorySite final : public Site {
public:
    /// All that a later step depends on.
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
    /// The same text for places that no later step can tell apart; `exact`: nor who verifies then.
    [[nodiscard]] std::string key(bool exact) const;

private:
    Outcome take_as_agent_here(Step step);
    void take_as_another_program(Step step);
    void change_row(Step step, memory::State& state);
    void forge_votes(Step step, memory::State& state) const;
    static void forge_edits(Step step, memory::State& state);
    /// An agent's process that knows what it knew: that it has a session, maybe that others ended that once, and the
    /// stop that it has met.
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
