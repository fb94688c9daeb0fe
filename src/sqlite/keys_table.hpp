#pragma once

#include "record/tables.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace approvekit::sqlite {

/// The table approvekit_keys: what was asked with idempotency keys. Calls without a key do not read or write it.
class KeysTable final : public record::Keys {
public:
    explicit KeysTable(SQLite::Database& database) : database_(database) {}

    void insert(const record::StoredKey& asked) override;
    [[nodiscard]] std::optional<record::StoredKey> find(std::string_view key) override;
    [[nodiscard]] bool has_request(std::string_view request_id) override;
    void finish(std::string_view entry_id, RunState state, std::string_view note) override;
    void outlive(std::string_view request_id, RunState state, std::string_view note) override;
    void lose(std::int64_t session, std::string_view note) override;

private:
    SQLite::Database& database_;
    Query insert_{database_,
                  "INSERT INTO approvekit_keys(key, tool_name, secret_id, commitment, request_id, entry_id, session, "
                  "run) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
    Query find_{database_,
                "SELECT number, tool_name, secret_id, commitment, request_id, entry_id, session, run, note FROM "
                "approvekit_keys WHERE key = ? ORDER BY number DESC LIMIT 1"};
    Query has_request_{database_,
                       "SELECT 1 FROM approvekit_keys WHERE request_id = ? AND request_id <> 'auto' LIMIT 1"};
    Query finish_{database_, "UPDATE approvekit_keys SET run = ?, note = ? WHERE entry_id = ? AND entry_id <> ''"};
    Query forget_{database_, "DELETE FROM approvekit_keys WHERE request_id = ? AND request_id <> 'auto'"};
    Query outlive_{database_,
                   "UPDATE approvekit_keys SET request_id = 'auto', run = ?, note = ? WHERE request_id = ? AND "
                   "request_id <> 'auto'"};
    Query lose_{database_,
                "UPDATE approvekit_keys SET run = 'unknown', note = ? WHERE session = ? AND run = 'running'"};
};

}  // namespace approvekit::sqlite
