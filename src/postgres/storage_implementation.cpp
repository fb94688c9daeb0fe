#include "postgres/storage_implementation.hpp"

#include "approvekit/digest.hpp"
#include "postgres/schema.hpp"
#include "record/sweep.hpp"

#include <unistd.h>

#include <utility>
#include <vector>

namespace approvekit {

using namespace postgres;

namespace {

/// Every so many sweeps, one also looks for what other programs set back.
constexpr int quick_sweeps = 30;

constexpr const char* behind_pooler =
    "a pooler in transaction mode stands between, so that changes are noticed about once a second, and a dead agent "
    "after 30 seconds";

}  // namespace

PostgresStorage::Implementation::Implementation(const std::string& connection, Options options)
    : target_(connection),
      self_(base::AgentIdentity::current()),
      clock_(options.clock, self_.boot_id),
      reader_(target_, options.busy_timeout),
      options_(std::move(options)),
      writer_(random_uuid()),
      engine_(target_, {writer_, options_.busy_timeout}, clock_,
              [this](const std::vector<Change>& changes) { listeners_->tell(changes); }),
      ledger_(engine_),
      owner_(::getpid()) {
    read_only_ = reader_.with_connection([this](Connection& server) {
        check_schema(server);
        Rows rows = server.rows(Statement(std::string("SELECT pg_is_in_recovery(), ") + RecordClock::server_time));
        rows.next();
        static_cast<void>(clock_.moment(rows.bytes(1)));
        return rows.flag(0);
    });
}

bool PostgresStorage::Implementation::in_child() const noexcept {
    return ::getpid() != owner_;
}

void PostgresStorage::Implementation::enter() const {
    if (!in_child()) return;
    throw StorageError(ErrorCode::storage_forked,
                       target_.place() + ": this storage was opened before fork(); open one in the child");
}

record::Ledger& PostgresStorage::Implementation::ledger() {
    if (!read_only_) return ledger_;
    throw StorageError(ErrorCode::storage_read_only,
                       target_.place() + ": this server only follows another one; decide and run at that one");
}

void PostgresStorage::Implementation::close() noexcept {
    attendant_.reset();
    if (read_only_) return;
    try {
        ledger_.close();
        reader_.with_connection([this](Connection& server) {
            WritersTable(server, writer_).remove();
            return true;
        });
    } catch (const Error&) {
        // A destructor has nobody to tell. There are no more heartbeats, and the next one that looks ends what is left
        // and records its outcome as unknown.
    }
}

void PostgresStorage::Implementation::start_session() {
    if (session_ != 0) return;
    ledger().ensure_session([this](record::Transaction& transaction) {
        starting_session_ = engine_.start_session(transaction, self_);
        return starting_session_.load();
    });
    session_ = starting_session_.load();
    start_attending();
    started_.load()->attend_to(session_);
}

void PostgresStorage::Implementation::start_attending() {
    std::call_once(attending_, [this] {
        Attendant::Work work;
        work.flush = [this] { flush(); };
        work.sweep = [this] { sweep_quickly(); };
        work.tidy = [this] {
            reader_.with_connection([](Connection& server) {
                WritersTable::forget_old(server);
                ChangeFeed::forget_old(server);
                return true;
            });
        };
        work.tell_of_pooler = [this] {
            if (options_.on_notice) options_.on_notice(target_.place() + ": " + behind_pooler);
        };
        attendant_.emplace(target_, writer_, std::move(work), listeners_,
                           Attendant::Pace{options_.poll_interval, options_.busy_timeout});
        started_ = &*attendant_;
    });
}

std::unique_ptr<Subscription> PostgresStorage::Implementation::subscribe(std::shared_ptr<ChangeListener> listener) {
    auto subscription = listeners_->add(std::move(listener));
    start_attending();
    started_.load()->wake();
    return subscription;
}

void PostgresStorage::Implementation::read(const std::function<void(record::Tables&)>& look) {
    reader_.read([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        look(of_record);
        return true;
    });
}

void PostgresStorage::Implementation::snapshot(const std::function<void(record::Tables&)>& look) {
    reader_.snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        look(of_record);
        return true;
    });
}

bool PostgresStorage::Implementation::is_anything_due() {
    const record::Moment now = clock_.estimate();
    return reader_.read([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::is_anything_overdue(of_record, now);
    });
}

std::size_t PostgresStorage::Implementation::sweep() {
    if (read_only_) return 0;
    const auto gone =
        reader_.with_connection([this](Connection& server) { return WritersTable::gone(server, session_); });
    const bool reopened = reader_.read([](Tables& tables) { return !tables.requests.reopened().empty(); });
    // Only once, since hosts that share the record would otherwise take such a request from each other for ever.
    const bool left = !knows_boot_ && reader_.read([this](Tables& tables) {
        return !tables.bindings.left_in_other_boots(self_.boot_id).empty();
    });
    const std::size_t ended = !gone.empty() || reopened || left || is_anything_due() ? ledger_.sweep(gone) : 0;
    knows_boot_ = true;
    return ended;
}

void PostgresStorage::Implementation::sweep_quickly() {
    if (read_only_) return;
    if (!knows_boot_ || ++quick_sweeps_ % quick_sweeps == 0) {
        sweep();
        return;
    }
    const auto gone =
        reader_.with_connection([this](Connection& server) { return WritersTable::gone(server, session_); });
    if (!gone.empty() || is_anything_due()) ledger_.sweep(gone);
}

}  // namespace approvekit
