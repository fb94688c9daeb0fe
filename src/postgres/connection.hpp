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

/// Returns how long a server may be silent before a check whether it is still there, if calls wait `busy_timeout` for
/// others.
[[nodiscard]] constexpr std::chrono::milliseconds longest_silence(std::chrono::milliseconds busy_timeout) noexcept {
    return std::min<std::chrono::milliseconds>(busy_timeout, std::chrono::hours{1}) + std::chrono::seconds{1};
}

/// One connection to the server. Queued statements are sent together with the next statement whose rows are asked for,
/// in one round trip. Opens itself at its first use, and again after close(). Not thread-safe.
///
/// An answer may take any time. But if nothing comes for longer than `silence`, and the server does not answer a new
/// connection either (it may be suspended), the connection is lost.
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

    /// Sends it with the next statement that is waited for, which also reports whether it failed.
    void queue(Statement statement);
    /// Sends everything, and waits for the rows of this statement.
    Rows rows(Statement statement);
    /// Sends everything, and waits for the rows of these statements, in their order.
    std::vector<Rows> rows_of(std::vector<Statement> statements);
    template <typename... Values>
    Rows rows(const char* sql, const Values&... values) {
        return rows(Statement(sql, values...));
    }
    template <typename... Values>
    void queue(const char* sql, const Values&... values) {
        queue(Statement(sql, values...));
    }
    /// Sends what is queued, then `last`, the one word that ends the transaction, and then `behind` as a separate
    /// transaction, whatever happened to the first one. Throws only for what comes before `behind`. Also throws
    /// LostConnection if the server warns that the end may not last.
    void finish(Statement last, std::vector<Statement> behind);

    /// Runs one statement that writes as a separate transaction, with a fixed isolation level whatever the server's
    /// default is: under another one it would fail if it had to wait for the same row. Waits for no disk and no standby:
    /// a sign of life that nobody sees is none. A crash of the server may undo it.
    void write_alone(Statement statement);

    /// Ends a transaction after an exception. Closes the connection if that is not possible.
    void roll_back() noexcept;

    /// Runs statements without values that are not part of a transaction.
    void script(const std::string& sql);

    /// Waits until there is something to read, `interrupt` can be read, or the time is over, and reads what has come.
    /// Returns whether there were notifications.
    bool wait_for_notifications(int interrupt, std::chrono::milliseconds longest);

    [[nodiscard]] int server_process() const noexcept { return PQbackendPID(connection_.get()); }

private:
    struct Finish {
        void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
    };

    [[noreturn]] void lose(const std::string& what);
    /// Takes the notifications that were read.
    [[nodiscard]] bool has_notifications();
    /// Makes the server notice within four seconds that this host is gone. Until then its unfinished work makes
    /// everybody else wait, and they give up after five. Works without the settings that the server does not accept.
    void have_server_watch();
    void send(const Statement& statement);
    void send_end();
    /// Waits until libpq has the next result, and meanwhile sends what is not sent yet.
    void wait_for_answer();
    [[nodiscard]] bool server_answers() const;
    /// Returns the results up to the next end. Throws the first failure among them, after reading all.
    std::vector<Rows> take(std::size_t count);

    Target target_;
    std::chrono::milliseconds silence_;
    bool was_warned_ = false;  ///< by the server, since finish() began
    std::unique_ptr<PGconn, Finish> connection_;
    std::vector<Statement> queued_;
};

}  // namespace approvekit::postgres
