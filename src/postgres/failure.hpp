#pragma once

#include "approvekit/error.hpp"

#include <libpq-fe.h>

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::postgres {

/// The server refused a statement. The text is the server's own, which shows no password.
class ServerError : public StorageError {
public:
    ServerError(ErrorCode code, const std::string& message, std::string state)
        : StorageError(code, message), state_(std::move(state)) {}

    /// The five characters of SQLSTATE.
    [[nodiscard]] const std::string& state() const noexcept { return state_; }
    /// Whether two transactions conflicted, or this one waited for a lock in vain, and may be tried again.
    [[nodiscard]] bool is_conflict() const noexcept;

private:
    std::string state_;
};

/// The connection is lost. What was sent over it may or may not have happened.
class LostConnection : public StorageError {
public:
    explicit LostConnection(const std::string& message) : StorageError(ErrorCode::storage_io, message) {}
};

/// Whether the server is shutting down, or somebody ended the connection.
[[nodiscard]] bool is_end_of_connection(const PGresult* result);

/// Throws the error of `result`, which failed. `place` names the database.
[[noreturn]] void throw_failure(const PGresult* result, const std::string& place);

/// Why a server refuses a connection.
struct Refusal {
    std::string state;  ///< the five characters of SQLSTATE
    std::string message;
};

/// Returns the last refusal in the text that libpq gives, at full verbosity, for a connection that was not made.
/// Returns nothing if trying again may help, for instance if the server is starting or has too many connections.
[[nodiscard]] std::optional<Refusal> refusal_in(std::string_view text);

/// For a connection that was not made: throws if the server does not let us in, which trying again does not change.
/// libpq's text is in the server's language. It has the error code only at full verbosity, which can be set only on an
/// existing connection object. So the connection is tried once more, and may succeed. `place` names the database.
///
/// Does nothing if the connection string names several servers: while one of them is away, another may refuse because
/// it has not yet caught up with it.
void look_for_refusal(PGconn* connection, const std::string& place);

/// Returns libpq's message on the connection, unless it may contain a password.
[[nodiscard]] std::string reason_of(const PGconn* connection);

/// Returns the reason in a text of libpq: its first line, without the line break.
[[nodiscard]] std::string first_line_of(const char* text);

}  // namespace approvekit::postgres
