#pragma once

#include "approvekit/error.hpp"
#include "approvekit/storage.hpp"
#include "memory/state.hpp"
#include "record/engine.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace approvekit::memory {

/// A record in the memory of one process, for tests. Several storages share it, as those of several processes share a
/// file. Every failure of a real record can be caused here. Thread-safe.
class Database {
public:
    struct Options {
        std::shared_ptr<const Clock> clock;
        /// How many times each transaction runs until it is committed, as on an engine where transactions conflict.
        int attempts = 1;
    };

    /// What happens to a commit that is reported as failed.
    enum class Commit { lost, kept };

    explicit Database(Options options) : options_(std::move(options)) {}

    [[nodiscard]] const Clock& clock() const noexcept { return *options_.clock; }

    void count_write_for_good() noexcept { ++writes_for_good_; }

    /// Runs `work` on a copy of the state, which replaces the state if `work` returns. With more than one attempt, runs
    /// `work` that many times, each time on a state without the effects of the earlier times.
    void write(const std::function<void(State&)>& work);

    /// Calls `look` with the current state and returns its result. Nobody can change the state meanwhile.
    template <typename Look>
    auto read(Look&& look) {
        const std::lock_guard lock(mutex_);
        check();
        return look(state_);
    }

    [[nodiscard]] State snapshot();
    void restore(State state);

    /// Changes the state as another program would: without our rules, and even if calls fail.
    void change(const std::function<void(State&)>& change);

    /// Returns how many times anybody has written.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

    /// From now on every read and write fails with `code`; nothing means that they work again.
    void fail_with(std::optional<ErrorCode> code);
    /// Returns how many transactions had to survive a power loss.
    [[nodiscard]] int writes_for_good() const noexcept { return writes_for_good_; }
    /// Returns how many reads and writes failed like this.
    [[nodiscard]] int failures() const noexcept { return failures_; }
    /// The next commit is reported as failed; `what` says whether it is on record nevertheless.
    void fail_next_commit(Commit what);

    /// After the subscription is destroyed, the listener is not called any more.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener);
    void announce(const std::vector<Change>& changes) { listeners_->tell(changes); }

private:
    /// Calls the listeners while holding its lock.
    class Listeners {
    public:
        void add(std::shared_ptr<ChangeListener> listener);
        void remove(const std::shared_ptr<ChangeListener>& listener);
        void tell(const std::vector<Change>& changes);

    private:
        std::mutex mutex_;
        std::set<std::shared_ptr<ChangeListener>> all_;
    };

    class Registration;

    void check() const;

    Options options_;
    std::mutex mutex_;  // guards state_, failure_ and failing_commit_
    State state_;
    std::optional<ErrorCode> failure_;
    std::optional<Commit> failing_commit_;
    mutable std::atomic<int> failures_ = 0;
    std::atomic<int> writes_for_good_ = 0;
    std::atomic<std::uint64_t> writes_ = 0;
    std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();
};

/// One storage's access for writing to a database.
class Engine final : public record::Engine {
public:
    explicit Engine(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    void write(const std::function<void(record::Transaction&)>& work) override;
    void write_for_good(const std::function<void(record::Transaction&)>& work) override;
    [[nodiscard]] std::uint64_t version() override { return 1 + database_->writes() - own_writes_; }
    void announce(const std::vector<Change>& changes) override { database_->announce(changes); }

    /// Records a session, and its agent as alive. Returns the session's number. Call it within a transaction of
    /// write().
    std::int64_t start_session(record::Transaction& transaction);

private:
    class Transaction;

    std::shared_ptr<Database> database_;
    std::int64_t session_ = 0;
    std::uint64_t own_writes_ = 0;
};

/// The machine that all storages in memory run on.
inline constexpr const char* boot_id = "the boot of this process";

}  // namespace approvekit::memory
