#include "postgres/connection.hpp"

#include "postgres/failure.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

namespace approvekit::postgres {

namespace {

/// The server's remarks must not be printed. It is only noted whether there was a warning.
void note_warning(void* was_warned, const PGresult* notice) noexcept {
    const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity != nullptr && std::string_view(severity) == "WARNING") *static_cast<bool*>(was_warned) = true;
}

bool is_good(const PGresult* result) noexcept {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY;
}

/// The options in the form that libpq takes.
struct OptionLists {
    explicit OptionLists(const std::map<std::string, std::string>& options) {
        for (const auto& [keyword, value] : options) {
            keywords.push_back(keyword.c_str());
            values.push_back(value.c_str());
        }
        keywords.push_back(nullptr);
        values.push_back(nullptr);
    }

    std::vector<const char*> keywords;
    std::vector<const char*> values;
};

}  // namespace

void Connection::open() {
    if (is_open()) return;
    const OptionLists lists(target_.options());
    std::unique_ptr<PGconn, Finish> opened(PQconnectdbParams(lists.keywords.data(), lists.values.data(), 0));
    if (!opened) throw LostConnection(target_.place() + ": there is no memory");
    if (PQstatus(opened.get()) != CONNECTION_OK) look_for_refusal(opened.get(), target_.place());
    if (PQstatus(opened.get()) != CONNECTION_OK) throw LostConnection(target_.place() + ": " + reason_of(opened.get()));
    PQsetNoticeReceiver(opened.get(), note_warning, &was_warned_);
    // A server that accepts no data must not block us longer than one that sends none.
    const bool is_ready = PQenterPipelineMode(opened.get()) == 1 && PQsetnonblocking(opened.get(), 1) == 0;
    if (!is_ready) throw LostConnection(target_.place() + ": no pipeline");
    connection_ = std::move(opened);
    have_server_watch();
}

void Connection::have_server_watch() {
    const char* const host = PQhost(connection_.get());
    if (host == nullptr || *host == '/' || *host == '@') return;
    send(
        Statement("SELECT pg_catalog.set_config('tcp_keepalives_idle', '2', false), "
                  "pg_catalog.set_config('tcp_keepalives_interval', '1', false), "
                  "pg_catalog.set_config('tcp_keepalives_count', '2', false), "
                  "pg_catalog.set_config('tcp_user_timeout', '4000', false)"));
    send_end();
    try {
        static_cast<void>(take(1));
    } catch (const ServerError&) {
        return;
    }
}

void Connection::close() noexcept {
    connection_.reset();
    queued_.clear();
}

void Connection::lose(const std::string& what) {
    const std::string reason = connection_ ? reason_of(connection_.get()) : "";
    close();
    throw LostConnection(target_.place() + ": " + what + (reason.empty() ? "" : ": " + reason));
}

void Connection::queue(Statement statement) {
    queued_.push_back(std::move(statement));
}

Rows Connection::rows(Statement statement) {
    std::vector<Statement> one;
    one.push_back(std::move(statement));
    return std::move(rows_of(std::move(one)).front());
}

std::vector<Rows> Connection::rows_of(std::vector<Statement> statements) {
    open();
    const std::vector<Statement> before = std::exchange(queued_, {});
    for (const Statement& statement : before)
        send(statement);
    for (const Statement& statement : statements)
        send(statement);
    send_end();
    std::vector<Rows> all = take(before.size() + statements.size());
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before.size()));
    return all;
}

void Connection::finish(Statement last, std::vector<Statement> behind) {
    open();
    was_warned_ = false;
    const std::vector<Statement> before = std::exchange(queued_, {});
    for (const Statement& statement : before)
        send(statement);
    send(last);
    send_end();
    for (const Statement& statement : behind)
        send(statement);
    if (!behind.empty()) send_end();
    std::exception_ptr failure;
    try {
        const std::vector<Rows> answers = take(before.size() + 1);
        if (answers.back().command() != last.sql()) lose("the transaction was not committed");
        // For example when somebody cancelled the wait for a standby: committed here, but lost if that standby takes
        // over.
        if (was_warned_) lose("the server warned of the commit");
    } catch (const ServerError&) {
        failure = std::current_exception();
    }
    try {
        if (!behind.empty()) static_cast<void>(take(behind.size()));
    } catch (const StorageError&) {
        // What comes after the end is only for speed.
    }
    if (failure) std::rethrow_exception(failure);
}

void Connection::write_alone(Statement statement) {
    queue(Statement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
    queue(Statement("SELECT set_config('synchronous_commit', 'off', true)"));
    queue(std::move(statement));
    try {
        static_cast<void>(rows(Statement("COMMIT")));
    } catch (const ServerError&) {
        roll_back();
        throw;
    }
}

void Connection::send(const Statement& statement) {
    std::vector<const char*> values;
    values.reserve(statement.values().size());
    for (const auto& value : statement.values())
        values.push_back(value ? value->c_str() : nullptr);
    const int count = static_cast<int>(values.size());
    if (PQsendQueryParams(connection_.get(), statement.sql().c_str(), count, nullptr, values.data(), nullptr, nullptr,
                          0) != 1) {
        lose("a statement could not be sent");
    }
}

void Connection::send_end() {
    if (PQpipelineSync(connection_.get()) != 1) lose("a statement could not be sent");
}

void Connection::wait_for_answer() {
    PGconn* const connection = connection_.get();
    auto doubted_at = std::chrono::steady_clock::now() + silence_;
    while (PQstatus(connection) == CONNECTION_OK && PQisBusy(connection) != 0) {
        const auto left = doubted_at - std::chrono::steady_clock::now();
        if (left <= left.zero()) {
            if (!server_answers()) lose("the server does not answer");
            doubted_at = std::chrono::steady_clock::now() + silence_;
            continue;
        }
        const int unsent = PQflush(connection);
        pollfd end{PQsocket(connection), static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN), 0};
        const int longest = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
        const bool came = unsent >= 0 && ::poll(&end, 1, longest) > 0;
        // libpq reports an error together with the results.
        if (unsent < 0 || (came && PQconsumeInput(connection) != 1)) return;
    }
}

bool Connection::server_answers() const {
    std::map<std::string, std::string> options = target_.options();
    const auto use = [&](const char* keyword, const char* value) {
        options.erase(keyword);
        if (value != nullptr && *value != '\0') options[keyword] = value;
    };
    // If there are several servers, the one that this is connected to.
    use("host", PQhost(connection_.get()));
    use("hostaddr", PQhostaddr(connection_.get()));
    use("port", PQport(connection_.get()));
    // A vanished host must be noticed no later than TCP itself would notice it.
    use("connect_timeout", "4");
    const OptionLists lists(options);
    return PQpingParams(lists.keywords.data(), lists.values.data(), 0) != PQPING_NO_RESPONSE;
}

std::vector<Rows> Connection::take(std::size_t count) {
    std::vector<Rows> all;
    ResultHandle failed;
    bool was_end = false;
    for (;;) {
        wait_for_answer();
        ResultHandle result(PQgetResult(connection_.get()));
        if (!result) {
            // One null follows the results of each statement. After a second one, nothing comes any more.
            if (was_end || PQstatus(connection_.get()) != CONNECTION_OK) lose("the connection was lost");
            was_end = true;
            continue;
        }
        was_end = false;
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_PIPELINE_ABORTED) continue;
        if (is_good(result.get())) {
            all.emplace_back(std::move(result));
        } else if (!failed) {
            failed = std::move(result);
        }
        if (PQstatus(connection_.get()) != CONNECTION_OK) break;
    }
    const bool is_lost = PQstatus(connection_.get()) != CONNECTION_OK;
    if (is_lost && !failed) lose("the connection was lost");
    if (!failed && all.size() == count) return all;
    if (is_lost || (failed && is_end_of_connection(failed.get()))) close();
    if (failed) throw_failure(failed.get(), target_.place());
    lose("the server gave other answers than were asked for");
}

void Connection::roll_back() noexcept {
    queued_.clear();
    if (!is_open()) return;
    try {
        // After an exception in the middle of several answers, the next one may belong to an earlier statement.
        if (rows(Statement("ROLLBACK")).command() != "ROLLBACK") close();
    } catch (const StorageError&) {
        close();
    }
}

void Connection::script(const std::string& sql) {
    open();
    if (PQexitPipelineMode(connection_.get()) != 1) lose("a script could not be sent");
    const ResultHandle result(PQexec(connection_.get(), sql.c_str()));
    if (PQstatus(connection_.get()) != CONNECTION_OK) lose("the connection was lost");
    if (PQenterPipelineMode(connection_.get()) != 1) lose("no pipeline");
    if (!is_good(result.get())) throw_failure(result.get(), target_.place());
}

bool Connection::has_notifications() {
    bool any = false;
    while (PGnotify* const notification = PQnotifies(connection_.get())) {
        any = true;
        PQfreemem(notification);
    }
    return any;
}

bool Connection::wait_for_notifications(int interrupt, std::chrono::milliseconds longest) {
    // A notification that came together with the rows of a statement was already read, and leaves nothing to wait for.
    if (is_open() && has_notifications()) return true;
    std::array<pollfd, 2> ends{pollfd{interrupt, POLLIN, 0},
                               pollfd{is_open() ? PQsocket(connection_.get()) : -1, POLLIN, 0}};
    ::poll(ends.data(), ends.size(), static_cast<int>(longest.count()));
    if (!is_open()) return false;
    if (ends[1].revents != 0 && PQconsumeInput(connection_.get()) != 1) lose("the connection was lost");
    return has_notifications();
}

}  // namespace approvekit::postgres
