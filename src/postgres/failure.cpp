#include "postgres/failure.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

namespace approvekit::postgres {

namespace {

struct FreeConnectionOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// By the beginning of an SQLSTATE; longer ones come first.
constexpr std::array<std::pair<std::string_view, ErrorCode>, 13> codes{{
    {"53100", ErrorCode::storage_full},
    {"55P03", ErrorCode::storage_busy},
    {"57014", ErrorCode::storage_busy},
    {"25006", ErrorCode::storage_read_only},
    {"42501", ErrorCode::storage_read_only},
    {"3F000", ErrorCode::missing_database},
    {"42P01", ErrorCode::missing_database},
    {"3D000", ErrorCode::missing_database},
    {"40001", ErrorCode::storage_busy},
    {"40P01", ErrorCode::storage_busy},
    {"53", ErrorCode::storage_busy},
    {"XX001", ErrorCode::storage_corrupt},
    {"XX002", ErrorCode::storage_corrupt},
}};

ErrorCode code_of(std::string_view state) {
    for (const auto& [beginning, code] : codes) {
        if (state.starts_with(beginning)) return code;
    }
    return ErrorCode::storage_io;
}

std::string field(const PGresult* result, int which) {
    const char* const text = PQresultErrorField(result, which);
    return text == nullptr ? "" : text;
}

std::string advice_on(ErrorCode code) {
    if (code == ErrorCode::missing_database) {
        return "; is it the database that the agent uses? Make a record in it with: approvekit-review database init "
               "--db URL";
    }
    return code == ErrorCode::storage_read_only ? "; this role, or this server, may not do that" : "";
}

/// Errors that do not pass by themselves, by the beginning of an SQLSTATE, with advice.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> refusals{{
    {"28",
     "check the role, its password (in ~/.pgpass, a service file or PGPASSWORD), and what the server's pg_hba.conf "
     "says of both"},
    {"3D000",
     "is it the database that the agent uses? Make it with createdb, then a record in it with: "
     "approvekit-review database init --db URL"},
    {"42501", "let the role in with: GRANT CONNECT ON DATABASE"},
    {"22", "check the options in the address"},
    {"42", "check the options in the address"},
}};

std::string_view help_for(std::string_view state) {
    for (const auto& [beginning, help] : refusals) {
        if (state.starts_with(beginning)) return help;
    }
    return {};
}

/// Whether the SQLSTATE is at `at`, in the form that libpq shows it, ":  28P01: ". It follows the severity, whose word
/// is in the server's language.
bool has_state_at(std::string_view text, std::size_t at) {
    constexpr std::size_t length = std::string_view(":  28P01: ").size();
    if (at + length > text.size() || !text.substr(at + 8).starts_with(": ")) return false;
    const std::string_view state = text.substr(at + 3, 5);
    return std::all_of(state.begin(), state.end(), [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z');
    });
}

/// Returns the reason, unless it may contain a password.
std::string without_password(std::string reason, const PGconn* connection) {
    const char* const password = PQpass(connection);
    const bool shows_password = password != nullptr && *password != '\0' && reason.find(password) != std::string::npos;
    return shows_password ? "the connection failed" : reason;
}

std::string text_or_none(const char* text) {
    return text == nullptr || *text == '\0' ? "none" : text;
}

/// Whether the connection string has more than one server, each of which is tried.
bool names_several_servers(PGconn* connection) {
    const std::unique_ptr<PQconninfoOption, FreeConnectionOptions> options(PQconninfo(connection));
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        const std::string_view keyword = option->keyword;
        const bool is_host = keyword == "host" || keyword == "hostaddr";
        if (is_host && option->val != nullptr && std::string_view(option->val).find(',') != std::string_view::npos)
            return true;
    }
    return false;
}

[[noreturn]] void refuse_connection(const Refusal& refusal, const PGconn* connection, const std::string& place) {
    const std::string who = "host " + text_or_none(PQhost(connection)) + ", port " + text_or_none(PQport(connection)) +
                            ", database " + text_or_none(PQdb(connection)) + ", user " +
                            text_or_none(PQuser(connection));
    throw ServerError(refusal.state == "3D000" ? ErrorCode::missing_database : ErrorCode::storage_refused,
                      place + ": the server does not let this program in (" + who + "): " +
                          without_password(refusal.message, connection) + "; " + std::string(help_for(refusal.state)),
                      refusal.state);
}

}  // namespace

std::optional<Refusal> refusal_in(std::string_view text) {
    std::optional<Refusal> last;
    for (std::size_t at = text.find(":  "); at != std::string_view::npos; at = text.find(":  ", at + 1)) {
        if (!has_state_at(text, at)) continue;
        const std::string_view message = text.substr(at + 10);
        last = {std::string(text.substr(at + 3, 5)), std::string(message.substr(0, message.find('\n')))};
    }
    return last && !help_for(last->state).empty() ? last : std::nullopt;
}

bool ServerError::is_conflict() const noexcept {
    return state_ == "40001" || state_ == "40P01" || state_ == "55P03";
}

bool is_end_of_connection(const PGresult* result) {
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity == "FATAL" || severity == "PANIC" || state.empty() || state.starts_with("08") || state == "57P01" ||
           state == "57P02" || state == "57P03" || state == "57P05" || state == "25P03";
}

void throw_failure(const PGresult* result, const std::string& place) {
    const std::string state = field(result, PG_DIAG_SQLSTATE);
    std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (message.empty()) message = first_line_of(PQresultErrorMessage(result));
    if (is_end_of_connection(result)) throw LostConnection(place + ": the connection was lost: " + message);
    const ErrorCode code = code_of(state);
    throw ServerError(code, place + ": " + message + advice_on(code), state);
}

void look_for_refusal(PGconn* connection, const std::string& place) {
    if (names_several_servers(connection)) return;
    if (PQconnectionNeedsPassword(connection) != 0) {
        refuse_connection({"28P01", "the server asks for a password, and there is none"}, connection, place);
    }
    const bool was_answered = std::string_view(PQerrorMessage(connection)).find(":  ") != std::string_view::npos;
    if (!was_answered) return;
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    PQreset(connection);
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    if (PQstatus(connection) == CONNECTION_OK) return;
    if (const auto refusal = refusal_in(PQerrorMessage(connection))) refuse_connection(*refusal, connection, place);
}

std::string reason_of(const PGconn* connection) {
    return without_password(first_line_of(PQerrorMessage(connection)), connection);
}

std::string first_line_of(const char* text) {
    const std::string_view all = text == nullptr ? "" : text;
    return std::string(all.substr(0, all.find('\n')));
}

}  // namespace approvekit::postgres
