#include "sqlite/storage_implementation.hpp"

#include "record/sweep.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/schema.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace approvekit {

using namespace sqlite;

namespace {

constexpr std::chrono::seconds heartbeat_period{5};
constexpr std::chrono::seconds sweep_period{1};

/// Opens the file as ours, or throws without having changed it.
std::unique_ptr<Connection> open_writer(const DatabaseFile& file, const SqliteStorage::Options& options) {
    if (!is_writable(file.path)) {
        throw StorageError(
            ErrorCode::storage_read_only,
            file.path.string() + ": " + obstacle_at(file.path).value_or("the database cannot be written here"));
    }
    const auto open = [&] {
        return std::make_unique<Connection>(file.path, Connection::Options{options.durability, options.busy_timeout});
    };
    return translating(file.path, [&] {
        auto connection = open();
        if (options.missing == Missing::refuse && is_blank(*connection)) {
            throw StorageError(ErrorCode::missing_database,
                               file.path.string() +
                                   ": the file is empty, no agent has recorded anything in it; is it "
                                   "the file that the agent uses?");
        }
        if (ensure_schema(*connection, options.sharing)) return connection;
        // the first connection has read the file, and would block the one that upgrades it
        connection = open();
        bring_up(*connection, options.clock->now());
        if (ensure_schema(*connection, options.sharing)) return connection;
        throw StorageError(ErrorCode::storage_moved, file.path.string() +
                                                         ": an older file was put in its place while "
                                                         "it was opened");
    });
}

/// Opening for reading does not upgrade a record of an older release, since programs of that release may still use it.
bool is_for_reading_alone(const DatabaseFile& file, const SqliteStorage::Options& options) {
    if (options.access != Access::read) return false;
    if (!is_writable(file.path)) return true;
    Connection connection(file.path, Connection::Options{options.durability, options.busy_timeout});
    return translating(file.path, [&] { return is_older(connection); });
}

/// What cannot be written now is due again at the next tick. Telling of changes must not stop because of it.
template <typename Work>
void keep_trying(Work&& work) {
    try {
        work();
    } catch (const StorageError&) {
    }
}

}  // namespace

SqliteStorage::Implementation::Implementation(const std::filesystem::path& path, Options options)
    : options_(std::move(options)),
      file_(prepare_file(path, options_.missing)),
      read_only_(is_for_reading_alone(file_, options_)),
      self_(AgentIdentity::current()),
      owner_(::getpid()) {
    if (!read_only_) {
        engine_.emplace(open_writer(file_, options_), self_, options_.clock,
                        Engine::Callbacks{.announce = [this](const std::vector<Change>& changes) { announce(changes); },
                                          .show_life = [this] { lease_->beat(options_.clock->now()); }});
        ledger_.emplace(*engine_);
    }
    reader_.emplace(file_.path, options_, read_only_);
    if (!read_only_) bell_.emplace(file_.path);
}

bool SqliteStorage::Implementation::in_child() const noexcept {
    return ::getpid() != owner_;
}

void SqliteStorage::Implementation::enter() const {
    if (!in_child()) return;
    throw StorageError(ErrorCode::storage_forked,
                       file_.path.string() + ": this storage was opened before fork(); open one in the child");
}

record::Ledger& SqliteStorage::Implementation::ledger() {
    if (ledger_) return *ledger_;
    throw StorageError(ErrorCode::storage_read_only,
                       file_.path.string() + ": this record is read-only here; decide and run where it can be written");
}

void SqliteStorage::Implementation::close() noexcept {
    watcher_.reset();
    if (read_only_) return;
    try {
        // If the file is not at its path any more, this moves the content of the log into it; closing would not.
        reader_->expect_in_place();
        ledger_->close();
    } catch (const Error&) {
        // A destructor has nobody to tell. The lease is dropped with this object, and the next one that looks ends what
        // is left and records its outcome as unknown.
    }
}

void SqliteStorage::Implementation::start_session() {
    if (session_started_) return;
    ledger().ensure_session([this](record::Transaction& transaction) {
        return engine_->start_session(transaction.moment(), [this](std::int64_t number) {
            lease_ = take_free_lease(file_.path, number, options_.clock->now());
            return lease_->number();
        });
    });
    session_started_ = true;
    // A session needs heartbeats, whatever it does.
    start_attending();
}

void SqliteStorage::Implementation::start_attending() {
    std::call_once(watching_, [this] {
        Watcher::Callbacks callbacks;
        callbacks.look = [this] { return look(); };
        callbacks.tick = [this] { return tick(); };
        callbacks.departure = [this] {
            if (session_started_) lease_->keep(options_.clock->now());
            keep_trying([this] { sweep(); });
        };
        callbacks.on_failure = [this](const std::exception_ptr& failure) { report(failure); };
        Pace pace;
        pace.poll_interval = options_.poll_interval;
        watcher_ = std::make_unique<Watcher>(file_.path, std::move(callbacks), pace);
    });
}

void SqliteStorage::Implementation::announce(const std::vector<Change>& changes) {
    bell_->ring();
    listeners_->tell(changes);
}

record::Moment SqliteStorage::Implementation::moment() const {
    return record::moment_of(*options_.clock, self_.boot_id);
}

void SqliteStorage::Implementation::read(const std::function<void(record::Tables&)>& look) {
    reader_->read([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        look(of_record);
        return true;
    });
}

void SqliteStorage::Implementation::snapshot(const std::function<void(record::Tables&)>& look) {
    reader_->snapshot([&](Tables& tables) {
        record::Tables of_record = tables.of_record();
        look(of_record);
        return true;
    });
}

std::unique_ptr<Subscription> SqliteStorage::Implementation::subscribe(std::shared_ptr<ChangeListener> listener) {
    auto subscription = listeners_->add(std::move(listener));
    start_attending();
    return subscription;
}

std::vector<std::int64_t> SqliteStorage::Implementation::gone_sessions() {
    const std::vector<StoredSession> open = reader_->read([](Tables& tables) { return tables.sessions.open(); });
    const LeaseProbe probe(file_.path, self_);
    const Time now = options_.clock->now();
    std::vector<std::int64_t> gone;
    for (const StoredSession& session : open) {
        if (!is_own(session) && probe.is_gone(session.agent, session.number, now)) gone.push_back(session.number);
    }
    return gone;
}

bool SqliteStorage::Implementation::is_own(const StoredSession& session) const {
    return session_started_ && session.number == lease_->number();
}

std::size_t SqliteStorage::Implementation::sweep() {
    if (read_only_) return 0;
    const std::vector<std::int64_t> gone = gone_sessions();
    const bool overdue = reader_->read([now = moment()](Tables& tables) {
        record::Tables of_record = tables.of_record();
        return record::is_anything_overdue(of_record, now);
    });
    // This looks at every waiting request, so it is done only if somebody has written since.
    const std::int64_t version = reader_->version();
    const bool reopened =
        version != swept_version_ && reader_->read([](Tables& tables) { return !tables.requests.reopened().empty(); });
    // Only once, since hosts that share the file would otherwise take such a request from each other for ever.
    const bool left = !knows_boot_ && reader_->read([this](Tables& tables) {
        return !tables.bindings.left_in_other_boots(self_.boot_id).empty();
    });
    const std::size_t ended = !gone.empty() || overdue || reopened || left ? ledger_->sweep(gone) : 0;
    swept_version_ = version;
    knows_boot_ = true;
    return ended;
}

Looked SqliteStorage::Implementation::look() {
    if (listeners_->empty()) return Looked::nothing;
    if (!feed_ || !feed_->is_current()) feed_.emplace(file_.path, read_only_, listeners_);
    return feed_->look();
}

std::chrono::nanoseconds SqliteStorage::Implementation::tick() {
    const auto now = std::chrono::steady_clock::now();
    // Heartbeats and sweeps are due even if the poll interval is long.
    const auto rest = std::min<std::chrono::nanoseconds>(options_.poll_interval, sweep_period);
    if (session_started_ && now - last_beat_ >= heartbeat_period) {
        lease_->beat(options_.clock->now());
        last_beat_ = now;
    }
    keep_trying([this] { flush(); });
    if (now - last_sweep_ > sweep_period - rest / 2) {
        keep_trying([this] { sweep(); });
        last_sweep_ = now;
    }
    return rest;
}

void SqliteStorage::Implementation::report(const std::exception_ptr& failure) const {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        listeners_->tell_failure(error.what());
    }
}

}  // namespace approvekit
