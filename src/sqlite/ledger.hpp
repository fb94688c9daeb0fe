#pragma once

#include "approvekit/storage.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/tables.hpp"
#include "sqlite/transitions.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace approvekit::sqlite {

/// The one writing connection of a storage. Every write passes through it, and takes the outcomes along that
/// finish() left.
///
/// Concurrent intents share commits: whoever comes first writes for all that queue behind. Thread-safe.
class Ledger {
public:
    using Announce = std::function<void(const std::vector<Change>&)>;

    /// `announce` is called after each commit that changed requests, without a lock held.
    Ledger(std::unique_ptr<Connection> connection, Writer writer, std::shared_ptr<const Clock> clock,
           Announce announce);

    /// Runs `work` in one transaction. When it throws, nothing of it happened.
    void write(const std::function<void(Transitions&, Tables&)>& work);

    /// Makes an intent durable, alone or together with others; returns its entry's id.
    std::string record(const Intent& intent, AuditEvent event);

    /// Takes an outcome that a later write carries.
    void finish(RunOutcome outcome);

    /// For a step that must not count because its commit failed, as SQLite says: it may have happened all the same,
    /// as when a disk takes the data and fails the last sync. A later write then takes it back, as `step` tells.
    void disown(RunOutcome step);

    [[nodiscard]] bool has_outcomes() const;
    /// Returns when every outcome that was handed over is durable, whoever wrote it.
    void flush();

    [[nodiscard]] std::int64_t session() const;

    /// Starts this process's session, once. `take_lease` is given the next free number and returns the one whose lease
    /// it took, which must be held before others can see the session; `keep_lease` sees to it that it still is.
    void ensure_session(const std::function<std::int64_t(std::int64_t)>& take_lease, std::function<void()> keep_lease);

private:
    struct Waiting {
        const Intent* intent;
        AuditEvent event;
        std::string entry_id;
        std::exception_ptr failure;
        bool done = false;
        std::condition_variable turn;
    };

    struct Carried {
        RunOutcome outcome;
        bool is_doubtful = false;  ///< a commit with it failed, and may have happened all the same
    };

    [[nodiscard]] std::vector<Change> commit(const std::function<void(Transitions&, Tables&)>& work);
    /// Others end the session of an agent that gave no sign of life for long. Then it goes on, and what they recorded
    /// in its place stands. Returns whether they did.
    [[nodiscard]] bool resume_session();
    void write_batch(const std::vector<Waiting*>& batch) noexcept;
    void disown(const Waiting& waiting);
    [[nodiscard]] std::vector<Carried> take_outcomes();
    void give_back(std::vector<Carried> outcomes);

    std::unique_ptr<Connection> connection_;
    Tables tables_;
    Writer writer_;
    std::shared_ptr<const Clock> clock_;
    Announce announce_;
    std::function<void()> keep_lease_;
    mutable std::mutex writing_;  // guards all above but clock_ and announce_

    mutable std::mutex queueing_;  // guards what follows
    std::deque<Waiting*> queue_;
    std::vector<Carried> outcomes_;
};

}  // namespace approvekit::sqlite
