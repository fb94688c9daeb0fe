#include "postgres/engine.hpp"

#include "approvekit/digest.hpp"
#include "postgres/failure.hpp"
#include "postgres/patience.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::postgres {

namespace {

constexpr const char* notify = "SELECT pg_notify('approvekit', '')";

/// Writers may be slow. So later attempts wait longer, but never so long for each lane that others are held up behind
/// one whose writer hangs.
LaneWaits waits_of(const Patience& patience, std::chrono::milliseconds busy_timeout) {
    constexpr std::chrono::milliseconds longest_for_each{200};
    const LaneWaits first;
    return {.any = std::min(patience.growing(first.any), busy_timeout),
            .each = std::min({patience.growing(first.each), longest_for_each, busy_timeout})};
}

/// Where settings() returns the time of the server.
constexpr int moment_column = 6;

/// The settings of one transaction, since a pooler may give the next one another connection. Without warnings, nobody
/// could tell that a commit did not wait for its standby.
Statement settings(std::chrono::milliseconds busy_timeout) {
    const std::string patience = std::to_string(busy_timeout.count());
    const std::string longest = std::to_string(longest_hang(busy_timeout).count());
    return Statement(
        std::string(
            "SELECT set_config('search_path', 'pg_catalog', true), set_config('lock_timeout', $1, true), "
            "set_config('statement_timeout', $2, true), set_config('idle_in_transaction_session_timeout', $2, "
            "true), CASE WHEN current_setting('synchronous_commit') = 'off' THEN "
            "set_config('synchronous_commit', 'on', true) END, set_config('client_min_messages', 'warning', true), ") +
            RecordClock::server_time,
        patience, longest);
}

/// To a server, no time to wait means to wait without a limit.
Engine::Options with_a_limit(Engine::Options options) {
    options.busy_timeout = std::max(options.busy_timeout, std::chrono::milliseconds(1));
    return options;
}

/// Must not be tried again, since it may have happened.
StorageError in_doubt(const StorageError& reason) {
    return StorageError(ErrorCode::storage_io,
                        std::string(reason.what()) + "; what was being recorded then may be on record, or not");
}

}  // namespace

WriteTransaction::WriteTransaction(const Access& access, record::Moment moment)
    : connection_(access.connection), tables_(access), of_record_(tables_.of_record()), moment_(std::move(moment)) {}

Engine::Engine(Target target, Options options, RecordClock& clock, Announce announce)
    : connection_(std::move(target), longest_silence(options.busy_timeout)),
      options_(with_a_limit(std::move(options))),
      clock_(clock),
      announce_(std::move(announce)),
      writers_(connection_, options_.writer) {}

void Engine::write(const std::function<void(record::Transaction&)>& work) {
    Patience patience(options_.busy_timeout);
    while (true) {
        try {
            if (tried(work, waits_of(patience, options_.busy_timeout))) return;
            if (patience.is_over()) {
                throw LostConnection(connection_.target().place() + ": the connection is lost at each commit");
            }
        } catch (const ServerError& error) {
            if (!error.is_conflict() || patience.is_over()) throw;
        } catch (const LostConnection&) {
            // Nothing of it happened.
            if (patience.is_over()) throw;
        }
        patience.nap();
    }
}

bool Engine::tried(const std::function<void(record::Transaction&)>& work, const LaneWaits& lane_waits) {
    const std::string commit = random_uuid();
    bool has_changes = false;
    try {
        WriteTransaction transaction(Access{connection_, true, lane_waits}, begin(commit));
        work(transaction);
        Tables& tables = transaction.own_tables();
        tables.audit.write_out();
        has_changes = tables.changes.has_any();
    } catch (...) {
        connection_.roll_back();
        throw;
    }
    std::vector<Statement> behind;
    if (has_changes) behind.emplace_back(notify);
    try {
        connection_.finish(Statement("COMMIT"), std::move(behind));
        return true;
    } catch (const LostConnection&) {
        return find_out(commit, has_changes);
    } catch (...) {
        connection_.roll_back();
        throw;
    }
}

record::Moment Engine::begin(const std::string& commit) {
    connection_.queue("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    // Waits for the answer before anything else is sent: from here on, nobody can find out about this transaction
    // before it has ended.
    std::vector<Rows> answers = connection_.rows_of({settings(options_.busy_timeout), writers_.note(commit)});
    answers.front().next();
    return clock_.moment(answers.front().bytes(moment_column));
}

bool Engine::was_committed(const std::string& commit, bool has_changes) {
    connection_.queue("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    connection_.queue(settings(options_.busy_timeout));
    const bool was_committed = writers_.was_committed(commit);
    std::vector<Statement> behind;
    if (was_committed && has_changes) behind.emplace_back(notify);
    connection_.finish(Statement("COMMIT"), std::move(behind));
    return was_committed;
}

bool Engine::find_out(const std::string& commit, bool has_changes) {
    Patience patience(options_.busy_timeout);
    while (true) {
        try {
            return was_committed(commit, has_changes);
        } catch (const LostConnection& error) {
            if (patience.is_over()) throw in_doubt(error);
        } catch (const ServerError& error) {
            connection_.roll_back();
            throw in_doubt(error);
        }
        patience.nap();
    }
}

std::int64_t Engine::start_session(record::Transaction& transaction, const base::AgentIdentity& agent) {
    Tables& tables = static_cast<WriteTransaction&>(transaction).own_tables();
    const std::int64_t last = tables.audit.last_place();
    const std::int64_t number = tables.sessions.insert(agent, transaction.moment().text, last);
    writers_.bind(number);
    return number;
}

}  // namespace approvekit::postgres
