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

/// A record in the memory of one process, for tests: several storages share it, as those of several processes share a
/// file. Whatever can go wrong with a real one can be made to go wrong here. Thread-safe.
class Database {
public:
    struct Options {
        std::shared_ptr<const Clock> clock;
        /// How often each transaction is tried before it is committed, as by an engine on which transactions meet.
        int attempts = 1;
    };

    /// What becomes of a commit that is reported as failed.
    enum class Commit { lost, kept };

    explicit Database(Options options) : options_(std::move(options)) {}

    [[nodiscard]] const Clock& clock() const noexcept { return *options_.clock; }

    void count_write_for_good() noexcept { ++writes_for_good_; }

    /// Runs `work` on a copy of the state, which takes its place if `work` returns. With more than one attempt, `work`
    /// is run as often, each time on a state that knows nothing of the times before.
    void write(const std::function<void(State&)>& work);

    /// Shows `look` the state as it is now, and returns what it returns. It may be changed by nobody meanwhile.
    template <typename Look>
    auto read(Look&& look) {
        const std::lock_guard lock(mutex_);
        check();
        return look(state_);
    }

    [[nodiscard]] State snapshot();
    void restore(State state);

    /// Changes the state as another program would: without our rules, even where calls fail.
    void change(const std::function<void(State&)>& change);

    /// How often anybody has written.
    [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

    /// From now on every read and write fails with `code`; nothing: works again.
    void fail_with(std::optional<ErrorCode> code);
    /// How many transactions were to outlast the loss of power.
    [[nodiscard]] int writes_for_good() const noexcept { return writes_for_good_; }
    /// How many did so.
    [[nodiscard]] int failures() const noexcept { return failures_; }
    /// The next commit is reported as failed, and is or is not on record all the same.
    void fail_next_commit(Commit what);

    /// No listener is called any more once the subscription has gone.
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener);
    void announce(const std::vector<Change>& changes) { listeners_->tell(changes); }

private:
    /// Calls the listeners under its lock.
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

/// One storage's way to write a database.
class Engine final : public record::Engine {
public:
    explicit Engine(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    void write(const std::function<void(record::Transaction&)>& work) override;
    void write_for_good(const std::function<void(record::Transaction&)>& work) override;
    [[nodiscard]] std::uint64_t version() override { return 1 + database_->writes() - own_writes_; }
    void announce(const std::vector<Change>& changes) override { database_->announce(changes); }

    /// Puts a session on record, and its agent among the living. Returns its number. Within a transaction of write().
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
