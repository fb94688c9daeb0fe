#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"
#include "sqlite/entry_listings.hpp"
#include "sqlite/lanes_table.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::sqlite {

/// The tables audit_log and approvekit_audit.
///
/// audit_log contains the decisions that the Python package knows: approved, rejected, timeout; its reader would fail
/// at any other value. approvekit_audit contains the chain, one row for each entry, and the entries of all other kinds.
/// New entries are in no lane, even if earlier entries are in lanes (record::ChainEnds).
class AuditTable final : public record::Entries {
public:
    explicit AuditTable(SQLite::Database& database) : database_(database) {}

    /// Must be called when a transaction begins. The table remembers the end of the chain only as long as nobody else
    /// can append.
    void forget_head() noexcept { known_head_.reset(); }

    void append(const record::AuditRecord& record) override;
    [[nodiscard]] std::vector<record::OpenIntent> open_intents(std::int64_t session) override;
    /// Reads the whole table.
    [[nodiscard]] bool is_open_intent(const std::string& entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> settlement(std::string_view request_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find(std::string_view request_id,
                                                          std::string_view entry_id) override;
    [[nodiscard]] std::optional<record::AuditRecord> find_intent(std::string_view entry_id) override;
    void each_of(std::string_view request_id,
                 const std::function<void(std::int64_t, const record::AuditRecord&)>& look) override;
    bool each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) override;
    [[nodiscard]] std::int64_t last_place() override;
    void remove(std::int64_t sequence, const std::string& entry_id) override;
    [[nodiscard]] AuditPage list(const AuditQuery& query) override;
    /// Returns how many rows of audit_log have no row in approvekit_audit.
    [[nodiscard]] std::int64_t strangers() override;
    [[nodiscard]] std::optional<std::int64_t> lane_without_entry() override;

private:
    /// Returns the last place, and what the next entry follows.
    [[nodiscard]] record::ChainHead head();
    /// Moves `head` to the entry that it writes.
    void append_behind(record::ChainHead& head, const record::AuditRecord& record);
    [[nodiscard]] bool has_lanes();
    [[nodiscard]] EntryListings& listings();

    SQLite::Database& database_;
    std::optional<record::ChainHead> known_head_;
    LanesTable lanes_{database_};
    // Only a copy into an empty record adds lanes. So once there are entries, the answer stays the same.
    std::optional<bool> has_lanes_;
    EntryListings in_one_chain_{database_, "NULL"};
    EntryListings in_lanes_{database_, LanesTable::lane_column};
    Query last_place_{database_, "SELECT max(seq) FROM approvekit_audit"};
    Query head_{database_, "SELECT seq, hash FROM approvekit_audit ORDER BY seq DESC"};
    Query insert_base_{database_,
                       "INSERT INTO audit_log(id, request_id, tool_name, tool_args, decision, timestamp, "
                       "reviewer_notes, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
    Query insert_link_{
        database_,
        "INSERT INTO approvekit_audit(seq, entry_id, request_id, event, reviewer, way, follows, "
        "is_signed, view, session, hash, tool_name, tool_args, timestamp, notes, metadata) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
    Query open_intents_{
        database_,
        "SELECT a.entry_id, a.event, l.tool_name, a.follows, a.request_id FROM approvekit_audit "
        "a LEFT JOIN audit_log l ON l.id = a.entry_id WHERE a.seq > (SELECT first_entry FROM approvekit_sessions "
        "WHERE number = ?1) AND a.session = ?1 ORDER BY a.seq"};
    Query is_open_intent_{database_,
                          "SELECT count(*) FILTER (WHERE entry_id = ?1), count(*) FILTER (WHERE follows = ?1) FROM "
                          "approvekit_audit"};
    Query strangers_{database_,
                     "SELECT count(*) FROM audit_log WHERE id NOT IN (SELECT entry_id FROM approvekit_audit)"};
    Query find_intent_{database_,
                       "SELECT tool_name, timestamp, metadata FROM audit_log WHERE id = ? AND request_id = 'auto' AND "
                       "decision = 'approved'"};
    Query remove_link_{database_, "DELETE FROM approvekit_audit WHERE seq = ?"};
    Query remove_base_{database_, "DELETE FROM audit_log WHERE id = ?"};
};

}  // namespace approvekit::sqlite
