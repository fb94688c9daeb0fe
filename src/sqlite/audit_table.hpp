#pragma once

#include "approvekit/storage.hpp"
#include "record/audit_chain.hpp"
#include "sqlite/query.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::sqlite {

/// An intent without an outcome.
struct OpenIntent {
    std::string entry_id;
    std::string request_id;
    std::string tool_name;
};

/// The tables audit_log and approvekit_audit.
///
/// audit_log holds the decisions that the Python package knows of: approved, rejected, timeout; any other value
/// there would break its reader. approvekit_audit holds the chain, one row an entry, and the rest of the entries.
class AuditTable {
public:
    explicit AuditTable(SQLite::Database& database) : database_(database) {}

    [[nodiscard]] ChainHead head();

    /// Writes `record` behind `head` and moves `head` on to it.
    void append(const AuditRecord& record, ChainHead& head);

    [[nodiscard]] AuditPage list(const AuditQuery& query);

    /// The intents of `session` from `first_entry` on that have no outcome yet.
    [[nodiscard]] std::vector<OpenIntent> open_intents(std::int64_t session, std::int64_t first_entry);

    /// Whether that intent is on record without an outcome. Reads the whole table: for the rare case of doubt.
    [[nodiscard]] bool is_open_intent(const std::string& entry_id);

    /// The entry of ours that gave the request its final state; nothing while it waits.
    [[nodiscard]] std::optional<AuditRecord> settlement(std::string_view request_id);

    /// Our entry with that id among those of the request.
    [[nodiscard]] std::optional<AuditRecord> find(std::string_view request_id, std::string_view entry_id);

    /// Shows `look` our entries of a request, oldest first.
    void each_of(std::string_view request_id, const std::function<void(std::int64_t, const AuditRecord&)>& look);

    /// Tells what else is wrong with an entry of ours in that place; an empty text: nothing.
    using Objection = std::function<std::string(std::int64_t, const AuditRecord&)>;

    /// Follows `chain` for a stretch; false at its end or at a fault.
    bool verify_some(AuditChain& chain, const Objection& objection = {});

    /// How many rows of audit_log have no place in the chain's table.
    [[nodiscard]] std::int64_t strangers();

private:
    [[nodiscard]] static std::string listing(const char* where, const std::string& more_columns = {});

    /// SQL for what is wrong with the columns of an entry, by themselves.
    [[nodiscard]] static std::string misfit();

    SQLite::Database& database_;
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
        "SELECT a.seq, a.entry_id, a.request_id, a.event, l.tool_name, a.follows FROM approvekit_audit "
        "a LEFT JOIN audit_log l ON l.id = a.entry_id WHERE a.seq > ? AND a.session = ? ORDER BY a.seq"};
    Query is_open_intent_{database_,
                          "SELECT count(*) FILTER (WHERE entry_id = ?1), count(*) FILTER (WHERE follows = ?1) FROM "
                          "approvekit_audit"};
    Query strangers_{database_,
                     "SELECT count(*) FROM audit_log WHERE id NOT IN (SELECT entry_id FROM approvekit_audit)"};
    Query settlement_{database_,
                      listing("a.request_id = ? AND a.request_id <> 'auto' AND a.seq > 0 AND a.hash IS NOT NULL AND "
                              "a.event IN ('approved', 'rejected', 'timeout', 'cancelled') ORDER BY a.seq LIMIT 1")};
    Query find_{database_,
                listing("a.request_id = ? AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.entry_id = ?")};
    Query each_of_{database_,
                   listing("a.request_id = ? AND a.request_id <> 'auto' AND a.hash IS NOT NULL ORDER BY a.seq")};
    Query verified_{database_, listing("a.seq >= ? ORDER BY a.seq LIMIT ?", misfit())};
    Query newest_{database_, listing("a.seq < ? ORDER BY a.seq DESC LIMIT ?")};
    Query oldest_{database_, listing("a.seq > ? ORDER BY a.seq LIMIT ?")};
    Query newest_of_{database_,
                     listing("a.request_id = ? AND a.request_id <> 'auto' AND a.seq < ? ORDER BY a.seq DESC LIMIT ?")};
    Query oldest_of_{database_,
                     listing("a.request_id = ? AND a.request_id <> 'auto' AND a.seq > ? ORDER BY a.seq LIMIT ?")};
};

}  // namespace approvekit::sqlite
