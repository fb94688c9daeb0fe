#include "approvekit/sqlite_storage.hpp"

#include "approvekit/error.hpp"
#include "sqlite/bell.hpp"
#include "sqlite/change_feed.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_obstacle.hpp"
#include "sqlite/lease.hpp"
#include "sqlite/ledger.hpp"
#include "sqlite/reader.hpp"
#include "sqlite/record_check.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/tables.hpp"
#include "sqlite/watcher.hpp"
#include "text/shortened.hpp"

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

namespace approvekit {

namespace {

using namespace sqlite;

constexpr std::chrono::seconds heartbeat_period{5};
constexpr std::chrono::seconds sweep_period{1};

/// Opens the file as ours, or throws without having touched it.
std::unique_ptr<Connection> open_writer(const DatabaseFile& file, const SqliteStorage::Options& options) {
    if (!is_writable(file.path)) {
        throw StorageError(
            ErrorCode::storage_read_only,
            file.path.string() + ": " + obstacle_at(file.path).value_or("the database cannot be written here"));
    }
    return translating(file.path, [&] {
        auto connection =
            std::make_unique<Connection>(file.path, Connection::Options{options.durability, options.busy_timeout});
        if (options.missing == Missing::refuse && is_blank(*connection)) {
            throw StorageError(ErrorCode::missing_database,
                               file.path.string() +
                                   ": the file is empty, no agent has recorded anything in it; is it "
                                   "the file that the agent uses?");
        }
        ensure_schema(*connection, options.sharing);
        return connection;
    });
}

}  // namespace

class SqliteStorage::Implementation {
public:
    Implementation(const std::filesystem::path& path, Options options)
        : options_(std::move(options)),
          file_(prepare_file(path, options_.missing)),
          read_only_(options_.access == Access::read && !is_writable(file_.path)),
          self_(AgentIdentity::current()) {
        if (!read_only_) {
            ledger_.emplace(open_writer(file_, options_), Writer{file_.path, self_, 0}, options_.clock,
                            [this](const std::vector<Change>& changes) { announce(changes); });
        }
        reader_.emplace(file_.path, options_, read_only_);
        if (!read_only_) bell_.emplace(file_.path);
    }

    [[nodiscard]] bool in_child() const noexcept { return ::getpid() != owner_; }

    /// Every public call passes here. SQLite's handles and locks do not survive a fork.
    void enter() const {
        if (!in_child()) return;
        throw StorageError(ErrorCode::storage_forked,
                           file_.path.string() + ": this storage was opened before fork(); open one in the child");
    }

    /// Every writing call passes here.
    [[nodiscard]] Ledger& ledger() {
        if (ledger_) return *ledger_;
        throw StorageError(
            ErrorCode::storage_read_only,
            file_.path.string() + ": this record is read-only here; decide and run where it can be written");
    }

    void close() noexcept {
        watcher_.reset();
        if (read_only_) return;
        try {
            // Moves what the log holds into a file that is not at its path any more, where closing would not.
            reader_->expect_in_place();
            ledger_->flush();
            if (session_started_)
                ledger_->write([](Transitions& transitions, Tables&) { transitions.close_session(); });
        } catch (const Error&) {
            // A destructor has nobody to tell. The lease goes with this object, and whoever looks next ends
            // what is left and records its outcome as unknown.
        }
    }

    void start_session() {
        if (session_started_) return;
        ledger().ensure_session(
            [this](std::int64_t number) {
                lease_ = take_free_lease(file_.path, number, options_.clock->now());
                return lease_->number();
            },
            [this] { lease_->beat(options_.clock->now()); });
        session_started_ = true;
        // Whatever the session does, its heart beats.
        start_watching();
    }

    void start_watching() {
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

    void announce(const std::vector<Change>& changes) {
        bell_->ring();
        listeners_->tell(changes);
    }

    [[nodiscard]] HoldBinding binding(const ApprovalRequest& request) const {
        const auto left = request.deadline.value_or(request.created_at) - options_.clock->now();
        return {ledger_->session(), self_.boot_id, (options_.clock->since_boot() + left).count()};
    }

    [[nodiscard]] Present present() const {
        return {options_.clock->now(), self_.boot_id, options_.clock->since_boot()};
    }

    /// A step of a held call that must not count when it fails, even where its commit happened all the same.
    template <typename Step>
    decltype(auto) or_disown(std::string_view request_id, Step&& step) {
        try {
            return step();
        } catch (const StorageError&) {
            RunOutcome disowned;
            disowned.request_id = request_id;
            disowned.note = "not started, because recording it was reported as failed";
            ledger().disown(std::move(disowned));
            throw;
        }
    }

    /// Runs a transition and throws its refusal once that is on record.
    template <typename Transition>
    auto settle(Transition&& transition) {
        enter();
        decltype(transition(std::declval<Transitions&>())) result;
        ledger().write([&](Transitions& transitions, Tables&) { result = transition(transitions); });
        if (result.refusal) std::rethrow_exception(result.refusal);
        return std::move(result.value);
    }

    [[nodiscard]] std::vector<StoredSession> gone_sessions() {
        std::vector<StoredSession> sessions = reader_->read([](Tables& tables) { return tables.sessions.open(); });
        const LeaseProbe probe(file_.path, self_);
        const Time now = options_.clock->now();
        std::erase_if(sessions, [&](const StoredSession& session) {
            return is_own(session) || !probe.is_gone(session.agent, session.number, now);
        });
        return sessions;
    }

    /// This process lives, even when a long sleep or a slow disk made it miss its heartbeats.
    [[nodiscard]] bool is_own(const StoredSession& session) const {
        return session_started_ && session.number == lease_->number();
    }

    std::size_t sweep() {
        if (read_only_) return 0;
        const std::vector<StoredSession> gone = gone_sessions();
        const Moment moment = moment_of(*options_.clock);
        const bool overdue = reader_->read(
            [&](Tables& tables) { return !tables.holds.due(moment.text, self_.boot_id, moment.since_boot).empty(); });
        // This looks at every request that waits, so only where somebody has written since.
        const std::int64_t version = reader_->version();
        const bool reopened = version != swept_version_ &&
                              reader_->read([](Tables& tables) { return !tables.requests.reopened().empty(); });
        std::size_t ended = 0;
        if (!gone.empty() || overdue || reopened) {
            ledger_->write([&](Transitions& transitions, Tables&) { ended = transitions.sweep(gone); });
        }
        swept_version_ = version;
        return ended;
    }

    void flush() {
        if (ledger_) ledger_->flush();
    }

    Options options_;
    DatabaseFile file_;
    bool read_only_;
    AgentIdentity self_;
    std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();
    std::optional<Ledger> ledger_;  ///< none when the record can only be read
    std::optional<Reader> reader_;
    std::optional<Bell> bell_;  ///< none when the record can only be read

private:
    // The callbacks below run on the watcher's thread.

    [[nodiscard]] Looked look() {
        if (listeners_->empty()) return Looked::nothing;
        if (!feed_ || !feed_->is_current()) feed_.emplace(file_.path, read_only_, listeners_);
        return feed_->look();
    }

    [[nodiscard]] std::chrono::nanoseconds tick() {
        const auto now = std::chrono::steady_clock::now();
        if (session_started_ && now - last_beat_ >= heartbeat_period) {
            lease_->beat(options_.clock->now());
            last_beat_ = now;
        }
        keep_trying([this] { flush(); });
        if (now - last_sweep_ >= sweep_period) {
            keep_trying([this] { sweep(); });
            last_sweep_ = now;
        }
        return options_.poll_interval;
    }

    /// What cannot be written now is due again at the next tick, and no reason to stop telling of changes.
    template <typename Work>
    static void keep_trying(Work&& work) {
        try {
            work();
        } catch (const StorageError&) {
        }
    }

    void report(const std::exception_ptr& failure) const {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            listeners_->tell_failure(error.what());
        }
    }

    ::pid_t owner_ = ::getpid();
    std::atomic<bool> session_started_{false};
    std::atomic<std::int64_t> swept_version_{-1};
    std::unique_ptr<Lease> lease_;
    std::optional<ChangeFeed> feed_;
    std::chrono::steady_clock::time_point last_beat_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_sweep_ = last_beat_;
    std::once_flag watching_;
    std::unique_ptr<Watcher> watcher_;
};

SqliteStorage::SqliteStorage(const std::filesystem::path& path) : SqliteStorage(path, Options{}) {}

SqliteStorage::SqliteStorage(const std::filesystem::path& path, Options options)
    : implementation_(std::make_unique<Implementation>(path, std::move(options))) {}

SqliteStorage::~SqliteStorage() {
    if (implementation_->in_child()) {
        // Closing would run SQLite's clean-up on files that are the parent's.
        static_cast<void>(implementation_.release());
        return;
    }
    implementation_->close();
}

const std::filesystem::path& SqliteStorage::path() const noexcept {
    return implementation_->file_.path;
}

bool SqliteStorage::read_only() const noexcept {
    return implementation_->read_only_;
}

bool SqliteStorage::created() const noexcept {
    return implementation_->file_.created;
}

void SqliteStorage::submit(const ApprovalRequest& request) {
    implementation_->enter();
    // First, so that nothing can fail any more once the request is on record.
    implementation_->start_session();
    const HoldBinding binding = implementation_->binding(request);
    implementation_->or_disown(request.id, [&] {
        implementation_->ledger().write(
            [&](Transitions& transitions, Tables&) { transitions.submit(request, binding); });
    });
}

std::string SqliteStorage::record_intent(const Intent& intent) {
    implementation_->enter();
    implementation_->start_session();
    return implementation_->ledger().record(intent, AuditEvent::approved);
}

void SqliteStorage::record_denial(const Intent& denied) {
    implementation_->enter();
    implementation_->start_session();
    static_cast<void>(implementation_->ledger().record(denied, AuditEvent::denied));
}

std::string SqliteStorage::claim(const Claim& claim) {
    implementation_->enter();  // first, since a child of a fork has nothing to disown
    return implementation_->or_disown(claim.request_id, [&] {
        return implementation_->settle([&](Transitions& transitions) { return transitions.claim(claim); });
    });
}

void SqliteStorage::finish(RunOutcome outcome) {
    implementation_->enter();
    outcome.note = shortened(std::move(outcome.note), maximum_outcome_note_bytes);
    implementation_->ledger().finish(std::move(outcome));
    implementation_->start_watching();
}

ApprovalRequest SqliteStorage::end(std::string_view request_id, ApprovalStatus status, std::string_view reason) {
    return implementation_->settle([&](Transitions& transitions) {
        return transitions.end(std::string(request_id), status,
                               shortened(std::string(reason), maximum_outcome_note_bytes));
    });
}

void SqliteStorage::flush() {
    implementation_->enter();
    implementation_->flush();
}

ApprovalRequest SqliteStorage::decide(const Decision& decision) {
    return implementation_->settle([&](Transitions& transitions) { return transitions.decide(decision); });
}

std::optional<ApprovalRequest> SqliteStorage::find(std::string_view request_id) {
    implementation_->enter();
    auto stored = implementation_->reader_->read([&](Tables& tables) { return tables.requests.find(request_id); });
    if (!stored) return std::nullopt;
    stored->request.time_left = time_left(*stored, implementation_->present());
    return std::move(stored->request);
}

std::vector<std::string> SqliteStorage::find_ids(std::string_view prefix, std::size_t limit) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) { return tables.requests.find_ids(prefix, limit); });
}

std::optional<Decision> SqliteStorage::find_decision(std::string_view request_id) {
    implementation_->enter();
    auto stored = implementation_->reader_->read([&](Tables& tables) { return tables.decisions.find(request_id); });
    return stored ? std::optional(std::move(stored->decision)) : std::nullopt;
}

RequestPage SqliteStorage::list(const RequestQuery& query) {
    implementation_->enter();
    const Present present = implementation_->present();
    return implementation_->reader_->read([&](Tables& tables) { return tables.requests.list(query, present); });
}

AuditPage SqliteStorage::audit(const AuditQuery& query) {
    implementation_->enter();
    return implementation_->reader_->read([&](Tables& tables) {
        AuditPage page = tables.audit.list(query);
        std::set<std::int64_t> numbers;
        for (const AuditEntry& entry : page.entries)
            numbers.insert(entry.session);
        for (const std::int64_t number : numbers) {
            if (const auto session = tables.sessions.find(number)) page.sessions.push_back(*session);
        }
        return page;
    });
}

std::size_t SqliteStorage::sweep() {
    implementation_->enter();
    return implementation_->sweep();
}

AuditReport SqliteStorage::verify_audit(const std::function<void(std::int64_t)>& progress, std::int64_t mark) {
    flush();
    RecordCheck check(mark);
    // In stretches, so that no writer waits for the whole of it.
    while (implementation_->reader_->snapshot([&](Tables& tables) { return check.some(tables); })) {
        if (progress) progress(check.report().entries);
    }
    AuditReport report = check.report();
    report.foreign_entries += implementation_->reader_->read([](Tables& tables) { return tables.audit.strangers(); });
    return report;
}

std::unique_ptr<Subscription> SqliteStorage::subscribe(std::shared_ptr<ChangeListener> listener) {
    implementation_->enter();
    auto subscription = implementation_->listeners_->add(std::move(listener));
    implementation_->start_watching();
    return subscription;
}

}  // namespace approvekit
