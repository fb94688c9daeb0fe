#include "sqlite/keys_table.hpp"

#include <string>

namespace approvekit::sqlite {

using record::StoredKey;

void KeysTable::insert(const StoredKey& asked) {
    insert_.run(asked.key, asked.tool_name, asked.commitment.secret_id, asked.commitment.digest, asked.request_id,
                asked.entry_id, asked.session, to_string(asked.run));
}

std::optional<StoredKey> KeysTable::find(std::string_view key) {
    Rows rows = find_.rows(key);
    if (!rows.next()) return std::nullopt;
    StoredKey asked;
    asked.number = rows.integer(0);
    asked.key = key;
    asked.tool_name = rows.text(1);
    asked.commitment = {rows.text(2), rows.text(3)};
    asked.request_id = rows.text(4);
    asked.entry_id = rows.text(5);
    asked.session = rows.integer(6);
    // What nobody understands may have run.
    asked.run = parse_run_state(rows.bytes(7)).value_or(RunState::unknown);
    asked.note = rows.text(8);
    return asked;
}

bool KeysTable::has_request(std::string_view request_id) {
    return has_request_.rows(request_id).next();
}

void KeysTable::finish(std::string_view entry_id, RunState state, std::string_view note) {
    finish_.run(to_string(state), note, entry_id);
}

void KeysTable::outlive(std::string_view request_id, RunState state, std::string_view note) {
    if (state == RunState::none) {
        forget_.run(request_id);
    } else {
        outlive_.run(to_string(state), note, request_id);
    }
}

void KeysTable::lose(std::int64_t session, std::string_view note) {
    lose_.run(note, session);
}

}  // namespace approvekit::sqlite
