#pragma once

#include "approvekit/audit.hpp"
#include "record/rows.hpp"
#include "record/stored_rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The rows of what happened to calls, both of requests of ours and of intents with keys, and of agents' sessions.
namespace approvekit::record {

/// The columns of the query for a request's run in approvekit_requests, in its order.
struct RunColumn {
    enum : int {
        is_open,
        run,
        started_at,
        has_row,  ///< whether the row of the request itself is there
        session
    };
};

template <StoredRows Rows>
[[nodiscard]] StoredRun read_run(const Rows& row) {
    return {.session = row.integer(RunColumn::session),
            .is_open = row.flag(RunColumn::is_open),
            .state = parse_run_state(row.bytes(RunColumn::run)).value_or(RunState::unknown),
            .started_at = row.text(RunColumn::started_at),
            .has_row = row.flag(RunColumn::has_row)};
}

/// The columns of the query for a key in approvekit_keys, in its order.
struct KeyColumn {
    enum : int { number, tool_name, secret_id, commitment, request_id, entry_id, session, run, note };
};

/// Reads what was asked with `key`, by which the row was found.
template <StoredRows Rows>
[[nodiscard]] StoredKey read_key(const Rows& row, std::string_view key) {
    return {.number = row.integer(KeyColumn::number),
            .key = std::string(key),
            .tool_name = row.text(KeyColumn::tool_name),
            .commitment = {row.text(KeyColumn::secret_id), row.text(KeyColumn::commitment)},
            .request_id = row.text(KeyColumn::request_id),
            .entry_id = row.text(KeyColumn::entry_id),
            .session = row.integer(KeyColumn::session),
            // A state that is not known may mean that it ran.
            .run = parse_run_state(row.bytes(KeyColumn::run)).value_or(RunState::unknown),
            .note = row.text(KeyColumn::note)};
}

/// The columns of the query for a session in approvekit_sessions, in its order.
struct SessionColumn {
    enum : int { started_at, ended_at };
};

/// Reads the session with that number, by which the row was found.
template <StoredRows Rows>
[[nodiscard]] AgentSession read_session(const Rows& row, std::int64_t number) {
    return {.number = number,
            .started_at = read_time(row, SessionColumn::started_at).value_or(Time{}),
            .ended_at = read_time(row, SessionColumn::ended_at)};
}

}  // namespace approvekit::record
