#pragma once

#include "postgres/rows.hpp"
#include "postgres/statement.hpp"
#include "postgres/target.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// How long a server may be silent before it is asked whether it is still there, where calls wait that long for others.
[[nodiscard]] constexpr std::chrono::milliseconds longest_silence(std::chrono::milliseconds busy_timeout) noexcept {
    return std::min<std::chrono::milliseconds>(busy_timeout, std::chrono::hours{1}) + std::chrono::seconds{1};
}

/// One connection to the server. What is queued goes over together with the next statement whose rows are asked for, in
/// one round trip. Opens itself at its first use, and again after close(). Not thread-safe.
///
/// An answer may take as long as it does. Where nothing comes for longer than `silence`, and the server does not answer
/// somebody who connects either, as one that is suspended, the connection is lost.
///
/// All functions throw LostConnection, after which it is closed, and ServerError.
class Connection {
public:
    explicit Connection(Target target, std::chrono::milliseconds silence = longest_silence(std::chrono::seconds{5}))
        : target_(std::move(target)), silence_(silence) {}

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const Target& target() const noexcept { return target_; }
    [[nodiscard]] bool is_open() const noexcept { return connection_ != nullptr; }

    void open();
    void close() noexcept;

    /// Sends it with the next statement that is waited for. Whether it failed is told there.
    void queue(Statement statement);
    /// Sends all, and waits for the rows of this one.
    Rows rows(Statement statement);
    /// Sends all, and waits for the rows of these, in their order.
    std::vector<Rows> rows_of(std::vector<Statement> statements);
    template <typename... Values>
    Rows rows(const char* sql, const Values&... values) {
        return rows(Statement(sql, values...));
    }
    template <typename... Values>
    void queue(const char* sql, const Values&... values) {
        queue(Statement(sql, values...));
    }
    /// Sends what is queued, with `last`, the one word that ends the transaction, at its end, and then `behind` as a transaction of its own, whatever became of it.
    /// Throws only for what comes before `behind`; LostConnection, too, where the server warns that the end may not last.
    void finish(Statement last, std::vector<Statement> behind);

    /// Runs one statement that writes as a transaction of its own, however those of the server begin by default: under
    /// another isolation it would fail where it had to wait for the same row.
    void write_alone(Statement statement);

    /// Ends the transaction that something threw in. Closes the connection where that cannot be done.
    void roll_back() noexcept;

    /// Runs statements that are not part of a transaction, without values.
    void script(const std::string& sql);

    /// Waits until there is something to read, or `interrupt` can be read, or the time is over, and takes it in.
    /// Returns whether there were notifications.
    bool wait_for_notifications(int interrupt, std::chrono::milliseconds longest);

    [[nodiscard]] int server_process() const noexcept { return PQbackendPID(connection_.get()); }

private:
    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };

    [[noreturn]] void lose(const std::string& what);
    /// Takes those that were read.
    [[nodiscard]] bool has_notifications();
    /// Has the server notice within four seconds that this host is gone: what that was in the middle of keeps everybody
    /// waiting, who give up after five. What the server does not take it does without.
    void have_server_watch();
    void send(const Statement& statement);
    void send_end();
    /// Until libpq has the next result, sending what is not sent yet.
    void wait_for_answer();
    [[nodiscard]] bool server_answers() const;
    /// The results up to the next end. Throws the first failure among them, once all are read.
    std::vector<Rows> take(std::size_t count);

    Target target_;
    std::chrono::milliseconds silence_;
    bool was_warned_ = false;  ///< by the server, since a transaction began to be finished
    std::unique_ptr<PGconn, Finish> connection_;
    std::vector<Statement> queued_;
};

}  // namespace approvekit::postgres
