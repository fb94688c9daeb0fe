#include "postgres/keys_table.hpp"

#include "postgres/locks.hpp"
#include "record/run_rows.hpp"

#include <utility>

namespace approvekit::postgres {

using record::StoredKey;

void KeysTable::insert(const StoredKey& asked) {
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_keys(key, tool_name, secret_id, commitment, request_id, entry_id, session, "
        "run) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        asked.key, asked.tool_name, asked.commitment.secret_id, asked.commitment.digest, asked.request_id,
        asked.entry_id, asked.session, to_string(asked.run));
}

std::optional<StoredKey> KeysTable::find(std::string_view key) {
    own_key(access_, key);
    Rows rows = access_.connection.rows(
        "SELECT number, tool_name, secret_id, commitment, request_id, entry_id, session, run, note FROM "
        "approvekit.approvekit_keys WHERE key = $1 ORDER BY number DESC LIMIT 1",
        key);
    return record::read_first(std::move(rows), [&](const Rows& row) { return record::read_key(row, key); });
}

bool KeysTable::has_request(std::string_view request_id) {
    return access_.connection
        .rows("SELECT 1 FROM approvekit.approvekit_keys WHERE request_id = $1 AND request_id <> 'auto' LIMIT 1",
              request_id)
        .next();
}

void KeysTable::finish(std::string_view entry_id, RunState state, std::string_view note) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_keys SET run = $1, note = $2 WHERE entry_id = $3 AND entry_id <> ''",
        to_string(state), note, entry_id);
}

void KeysTable::outlive(std::string_view request_id, RunState state, std::string_view note) {
    if (state == RunState::none) {
        access_.connection.queue(
            "DELETE FROM approvekit.approvekit_keys WHERE request_id = $1 AND request_id <> 'auto'", request_id);
        return;
    }
    access_.connection.queue(
        "UPDATE approvekit.approvekit_keys SET request_id = 'auto', run = $1, note = $2 WHERE request_id = $3 AND "
        "request_id <> 'auto'",
        to_string(state), note, request_id);
}

void KeysTable::lose(std::int64_t session, std::string_view note) {
    access_.connection.queue(
        "UPDATE approvekit.approvekit_keys SET run = 'unknown', note = $1 WHERE session = $2 AND run = 'running'", note,
        session);
}

}  // namespace approvekit::postgres
