#include "sqlite/entry_listings.hpp"

namespace approvekit::sqlite {

namespace {

std::string listing(const std::string& lane, const char* where, const std::string& more_columns = {}) {
    return "SELECT a.seq, a.entry_id, a.request_id, a.event, coalesce(l.tool_name, a.tool_name), "
           "coalesce(l.tool_args, a.tool_args, '{}'), coalesce(l.timestamp, a.timestamp), "
           "iif(l.id IS NULL, a.notes, l.reviewer_notes), coalesce(l.metadata, a.metadata, '{}'), a.reviewer, "
           "a.way, a.follows, a.is_signed, a.view, a.session, a.hash, l.id, l.request_id, l.decision, " +
           lane + more_columns + " FROM approvekit_audit a LEFT JOIN audit_log l ON l.id = a.entry_id WHERE " + where;
}

/// Returns SQL for what is wrong with the columns of an entry by themselves.
std::string misfit_column(const std::string& lane) {
    const std::string own_texts = "coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata)";
    return ", CASE WHEN a.hash IS NULL THEN iif(a.reviewer IS '' AND a.way IS '' AND a.follows IS '' AND a.is_signed "
           "IS 0 AND a.view IS '' AND a.session IS 0 AND " +
           lane + " IS NULL AND " + own_texts +
           " IS NULL, NULL, 'another program wrote it, and it says what only an entry of ours can') WHEN l.id IS NOT "
           "NULL AND " +
           own_texts + " IS NOT NULL THEN 'it holds shadow values beside its row in audit_log' ELSE " +
           storage_class_fault({{"entry_id", "a.entry_id", "'text'"},
                                {"request_id", "a.request_id", "'text'"},
                                {"event", "a.event", "'text'"},
                                {"tool_name", "coalesce(l.tool_name, a.tool_name)", "'text'"},
                                {"tool_args", "coalesce(l.tool_args, a.tool_args)", "'text'"},
                                {"timestamp", "coalesce(l.timestamp, a.timestamp)", "'text'"},
                                {"notes", "iif(l.id IS NULL, a.notes, l.reviewer_notes)", "'text', 'null'"},
                                {"metadata", "coalesce(l.metadata, a.metadata)", "'text'"},
                                {"reviewer", "a.reviewer", "'text'"},
                                {"way", "a.way", "'text'"},
                                {"follows", "a.follows", "'text'"},
                                {"is_signed", "iif(a.is_signed IN (0, 1), a.is_signed, NULL)", "'integer'"},
                                {"view", "a.view", "'text'"},
                                {"session", "a.session", "'integer'"},
                                {"lane", lane.c_str(), "'integer', 'null'"},
                                {"hash", "a.hash", "'blob'"}}) +
           " END";
}

}  // namespace

EntryListings::EntryListings(SQLite::Database& database, const std::string& lane)
    : settlement(database, listing(lane,
                                   "a.request_id = ? AND a.request_id <> 'auto' AND a.seq > 0 AND a.hash IS NOT NULL "
                                   "AND a.event IN ('approved', 'rejected', 'timeout', 'cancelled', 'answered') ORDER "
                                   "BY a.seq LIMIT 1")),
      find(database,
           listing(lane, "a.request_id = ? AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.entry_id = ?")),
      each_of(database,
              listing(lane, "a.request_id = ? AND a.request_id <> 'auto' AND a.hash IS NOT NULL ORDER BY a.seq")),
      placed(database, listing(lane, "a.seq >= ? ORDER BY a.seq LIMIT ?", misfit_column(lane))),
      newest(database, listing(lane, "a.seq < ? ORDER BY a.seq DESC LIMIT ?")),
      oldest(database, listing(lane, "a.seq > ? ORDER BY a.seq LIMIT ?")),
      newest_of(database,
                listing(lane, "a.request_id = ? AND a.request_id <> 'auto' AND a.seq < ? ORDER BY a.seq DESC LIMIT ?")),
      oldest_of(database,
                listing(lane, "a.request_id = ? AND a.request_id <> 'auto' AND a.seq > ? ORDER BY a.seq LIMIT ?")) {}

}  // namespace approvekit::sqlite
