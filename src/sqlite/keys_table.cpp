#include "sqlite/keys_table.hpp"

#include "record/run_rows.hpp"

namespace approvekit::sqlite {

using record::StoredKey;

void KeysTable::insert(const StoredKey& asked) {
    insert_.run(asked.key, asked.tool_name, asked.commitment.secret_id, asked.commitment.digest, asked.request_id,
                asked.entry_id, asked.session, to_string(asked.run));
}

std::optional<StoredKey> KeysTable::find(std::string_view key) {
    return record::read_first(find_.rows(key), [&](const Rows& row) { return record::read_key(row, key); });
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
