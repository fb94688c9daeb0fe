#include "memory/database.hpp"

#include "memory/tables.hpp"

#include <utility>

namespace approvekit::memory {

class Database::Registration final : public Subscription {
public:
    Registration(std::shared_ptr<Listeners> listeners, std::shared_ptr<ChangeListener> listener)
        : listeners_(std::move(listeners)), listener_(std::move(listener)) {
        listeners_->add(listener_);
    }
    ~Registration() override { listeners_->remove(listener_); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

private:
    std::shared_ptr<Listeners> listeners_;
    std::shared_ptr<ChangeListener> listener_;
};

void Database::Listeners::add(std::shared_ptr<ChangeListener> listener) {
    const std::lock_guard lock(mutex_);
    all_.insert(std::move(listener));
}

void Database::Listeners::remove(const std::shared_ptr<ChangeListener>& listener) {
    const std::lock_guard lock(mutex_);
    all_.erase(listener);
}

void Database::Listeners::tell(const std::vector<Change>& changes) {
    const std::lock_guard lock(mutex_);
    for (const auto& listener : all_) {
        for (const Change& change : changes)
            listener->on_change(change);
    }
}

void Database::write(const std::function<void(State&)>& work) {
    const std::lock_guard lock(mutex_);
    check();
    for (int attempt = 1; attempt < options_.attempts; ++attempt) {
        State met = state_;
        work(met);
    }
    State changed = state_;
    work(changed);
    const auto failing = std::exchange(failing_commit_, std::nullopt);
    if (failing != Commit::lost) state_ = std::move(changed);
    ++writes_;
    if (failing) throw StorageError(ErrorCode::storage_io, "the commit failed");
}

State Database::snapshot() {
    const std::lock_guard lock(mutex_);
    return state_;
}

void Database::restore(State state) {
    const std::lock_guard lock(mutex_);
    state_ = std::move(state);
    ++writes_;
}

void Database::change(const std::function<void(State&)>& change) {
    const std::lock_guard lock(mutex_);
    change(state_);
    ++writes_;
}

void Database::fail_with(std::optional<ErrorCode> code) {
    const std::lock_guard lock(mutex_);
    failure_ = code;
}

void Database::fail_next_commit(Commit what) {
    const std::lock_guard lock(mutex_);
    failing_commit_ = what;
}

std::unique_ptr<Subscription> Database::subscribe(std::shared_ptr<ChangeListener> listener) {
    return std::make_unique<Registration>(listeners_, std::move(listener));
}

void Database::check() const {
    if (!failure_) return;
    ++failures_;
    throw StorageError(*failure_, "the record cannot be reached");
}

class Engine::Transaction final : public record::Transaction {
public:
    Transaction(State& state, const Clock& clock, std::int64_t own, std::uint64_t version)
        : state_(state),
          tables_(state),
          of_record_(tables_.of_record()),
          moment_(record::moment_of(clock, boot_id)),
          own_(own),
          version_(version) {}

    [[nodiscard]] record::Tables& tables() noexcept override { return of_record_; }
    [[nodiscard]] const record::Moment& moment() const noexcept override { return moment_; }
    [[nodiscard]] bool is_gone(std::int64_t session) override { return !state_.living.contains(session); }
    [[nodiscard]] std::uint64_t version() override { return version_; }
    void show_life() override { state_.living.insert(own_); }

    [[nodiscard]] State& state() noexcept { return state_; }

private:
    State& state_;
    Tables tables_;
    record::Tables of_record_;
    record::Moment moment_;
    std::int64_t own_;
    std::uint64_t version_;
};

void Engine::write(const std::function<void(record::Transaction&)>& work) {
    database_->write([&](State& state) {
        Transaction transaction(state, database_->clock(), session_, version());
        work(transaction);
    });
    ++own_writes_;
}

void Engine::write_for_good(const std::function<void(record::Transaction&)>& work) {
    database_->count_write_for_good();
    write(work);
}

std::int64_t Engine::start_session(record::Transaction& transaction) {
    State& state = static_cast<Transaction&>(transaction).state();
    session_ = state.sessions.empty() ? 1 : state.sessions.rbegin()->first + 1;
    const auto last = static_cast<std::int64_t>(state.entries.size());
    state.sessions[session_] = {.started_at = transaction.moment().text, .ended_at = std::nullopt, .first_entry = last};
    state.living.insert(session_);
    return session_;
}

}  // namespace approvekit::memory
