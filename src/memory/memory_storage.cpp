#include "memory/memory_storage.hpp"

#include "approvekit/error.hpp"
#include "memory/tables.hpp"
#include "record/open_record.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace approvekit::memory {

/// What one storage has open, and the thread that sweeps for it.
class MemoryStorage::Implementation final : public record::OpenRecord {
public:
    explicit Implementation(std::shared_ptr<Database> database)
        : database_(std::move(database)), engine_(database_), ledger_(engine_) {}

    void close() noexcept;
    void die();
    void end_session();
    void show_life();
    void stop_showing_life();

    void enter() const override;
    [[nodiscard]] record::Ledger& ledger() override;
    void start_session() override;
    /// Tests decide when reports are written.
    void start_attending() override {}
    [[nodiscard]] record::Moment moment() const override { return record::moment_of(database_->clock(), boot_id); }
    [[nodiscard]] record::KnownGrants* known_grants() noexcept override { return &ledger_.known_grants(); }
    [[nodiscard]] record::Reading reading() override { return {known_grants(), ledger_.version()}; }
    void read(const std::function<void(record::Tables&)>& look) override;
    void snapshot(const std::function<void(record::Tables&)>& look) override { read(look); }
    std::size_t sweep() override;
    void flush() override { ledger().flush(); }
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override;

private:
    void keep_sweeping(const std::stop_token& stop);
    void stop_sweeping();

    std::shared_ptr<Database> database_;
    Engine engine_;
    record::Ledger ledger_;
    std::atomic<std::int64_t> session_ = 0;
    std::atomic<bool> is_dead_ = false;
    std::once_flag sweeping_;
    std::mutex resting_;
    std::condition_variable_any woken_;
    std::jthread sweeper_;  // last: it uses the others
};

void MemoryStorage::Implementation::close() noexcept {
    sweeper_ = {};
    if (is_dead_) return;
    try {
        end_session();
    } catch (const Error&) {
        // A destructor has nobody to tell. The next one that looks ends what is left.
        stop_showing_life();
    }
}

void MemoryStorage::Implementation::die() {
    if (is_dead_.exchange(true)) return;
    stop_sweeping();
    stop_showing_life();
}

void MemoryStorage::Implementation::end_session() {
    ledger_.close();
    stop_showing_life();
}

void MemoryStorage::Implementation::show_life() {
    database_->change([&](State& state) { state.living.insert(session_); });
}

void MemoryStorage::Implementation::stop_showing_life() {
    database_->change([&](State& state) { state.living.erase(session_); });
}

void MemoryStorage::Implementation::enter() const {
    if (is_dead_) throw StorageError(ErrorCode::storage_io, "the process of this storage is dead");
}

record::Ledger& MemoryStorage::Implementation::ledger() {
    enter();
    return ledger_;
}

void MemoryStorage::Implementation::start_session() {
    ledger().ensure_session([&](record::Transaction& transaction) {
        session_ = engine_.start_session(transaction);
        return session_.load();
    });
}

void MemoryStorage::Implementation::read(const std::function<void(record::Tables&)>& look) {
    database_->read([&](State& state) {
        Tables tables(state);
        record::Tables of_record = tables.of_record();
        look(of_record);
    });
}

std::size_t MemoryStorage::Implementation::sweep() {
    const auto gone = database_->read([&](State& state) {
        std::vector<std::int64_t> sessions;
        for (const auto& [number, row] : state.sessions) {
            if (!row.ended_at && number != session_ && !state.living.contains(number)) sessions.push_back(number);
        }
        return sessions;
    });
    return ledger().sweep(gone);
}

std::unique_ptr<Subscription> MemoryStorage::Implementation::subscribe(std::shared_ptr<ChangeListener> listener) {
    auto subscription = database_->subscribe(std::move(listener));
    std::call_once(sweeping_,
                   [this] { sweeper_ = std::jthread([this](const std::stop_token& stop) { keep_sweeping(stop); }); });
    return subscription;
}

void MemoryStorage::Implementation::keep_sweeping(const std::stop_token& stop) {
    constexpr std::chrono::seconds period{1};
    std::unique_lock lock(resting_);
    while (!woken_.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) {
        try {
            sweep();
        } catch (const std::exception&) {
            // What cannot be written now is due again in the next round.
        }
    }
}

void MemoryStorage::Implementation::stop_sweeping() {
    // From here on, no sweeper starts any more.
    std::call_once(sweeping_, [] {});
    sweeper_.request_stop();
    if (sweeper_.joinable() && sweeper_.get_id() != std::this_thread::get_id()) sweeper_.join();
}

MemoryStorage::MemoryStorage(std::shared_ptr<Database> database)
    : implementation_(std::make_unique<Implementation>(std::move(database))) {}

MemoryStorage::~MemoryStorage() {
    implementation_->close();
}

record::OpenRecord& MemoryStorage::opened() {
    return *implementation_;
}

void MemoryStorage::die() {
    implementation_->die();
}

void MemoryStorage::end_session() {
    implementation_->end_session();
}

void MemoryStorage::show_life() {
    implementation_->show_life();
}

void MemoryStorage::stop_showing_life() {
    implementation_->stop_showing_life();
}

}  // namespace approvekit::memory
