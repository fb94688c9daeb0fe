#include "postgres/failure.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace approvekit::postgres {

namespace {

/// By the beginning of an SQLSTATE, the longer ones first.
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

}  // namespace

bool ServerError::is_conflict() const noexcept {
    return state_ == "40001" || state_ == "40P01";
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

std::string first_line_of(const char* text) {
    const std::string_view all = text == nullptr ? "" : text;
    return std::string(all.substr(0, all.find('\n')));
}

}  // namespace approvekit::postgres
