#pragma once

#include "approvekit/error.hpp"

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::postgres {

/// The server refused a statement; the text is the server's own, which shows no password.
class ServerError : public StorageError {
public:
    ServerError(ErrorCode code, const std::string& message, std::string state)
        : StorageError(code, message), state_(std::move(state)) {}

    /// The five characters of SQLSTATE.
    [[nodiscard]] const std::string& state() const noexcept { return state_; }
    /// Whether two transactions met, and this one may be tried again.
    [[nodiscard]] bool is_conflict() const noexcept;

private:
    std::string state_;
};

/// There is no connection any more. What was sent over it may or may not have happened.
class LostConnection : public StorageError {
public:
    explicit LostConnection(const std::string& message) : StorageError(ErrorCode::storage_io, message) {}
};

/// Whether the server is going away, or somebody ended the connection.
[[nodiscard]] bool is_end_of_connection(const PGresult* result);

/// Throws what `result`, which failed, tells; `place` names the database.
[[noreturn]] void throw_failure(const PGresult* result, const std::string& place);

/// Why a server does not let somebody in.
struct Refusal {
    std::string state;  ///< the five characters of SQLSTATE
    std::string message;
};

/// The last refusal in what libpq tells, as it tells where it shows everything, of a connection that was not made; nothing
/// where trying again may help, as of a server that starts, or has too many connections.
[[nodiscard]] std::optional<Refusal> refusal_in(std::string_view text);

/// Of a connection that was not made: throws where the server does not let us in, which trying again does not change. What
/// libpq tells is in the server's language, and has its code only where all is to be shown, which can be said of a
/// connection alone that there is: so it is tried once more, and may be made. `place` names the database.
///
/// Does nothing if the connection string names several servers: while one of them is away, another may refuse because it
/// has not yet caught up with it.
void look_for_refusal(PGconn* connection, const std::string& place);

/// What libpq tells of the connection, unless a password could stand in it.
[[nodiscard]] std::string reason_of(const PGconn* connection);

/// The reason in a text of libpq: its first line, which ends without a line break.
[[nodiscard]] std::string first_line_of(const char* text);

}  // namespace approvekit::postgres
