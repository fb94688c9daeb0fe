#include "postgres/audit_listing.hpp"

#include "postgres/shown_text.hpp"
#include "record/page.hpp"

namespace approvekit::postgres {

namespace {

std::string as_it_is(const char* text) {
    return text;
}

/// Returns the columns of record::EntryColumn. `text` returns the SQL for a column that may be long.
template <typename Text>
std::string entry_columns(Text text) {
    return "a.seq, a.entry_id, a.request_id, a.event, " + text("coalesce(l.tool_name, a.tool_name)") + ", " +
           text("coalesce(l.tool_args, a.tool_args, '{}')") + ", coalesce(l.timestamp, a.timestamp), " +
           text("(CASE WHEN l.id IS NULL THEN a.notes ELSE l.reviewer_notes END)") + ", " +
           text("coalesce(l.metadata, a.metadata, '{}')") +
           ", a.reviewer, a.way, a.follows, a.is_signed, a.view, a.session, a.hash, l.id, l.request_id, l.decision, "
           "a.lane";
}

constexpr const char* entry_source =
    " FROM approvekit.approvekit_audit a LEFT JOIN approvekit.audit_log l ON l.id = a.entry_id ";

constexpr const char* misfit_column =
    ", CASE WHEN a.hash IS NULL AND (a.reviewer <> '' OR a.way <> '' OR a.follows <> '' OR a.is_signed OR a.view <> '' "
    "OR a.session <> 0 OR a.lane IS NOT NULL OR coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata) "
    "IS NOT NULL) THEN 'another program wrote it, and it says what only an entry of ours can' WHEN a.hash IS NOT NULL "
    "AND l.id IS NOT NULL AND coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata) IS NOT NULL THEN "
    "'it holds shadow values beside its row in audit_log' ELSE '' END";

}  // namespace

std::string entry_listing(const std::string& where) {
    return "SELECT " + entry_columns(as_it_is) + entry_source + "WHERE " + where;
}

std::string checked_entry_listing(const std::string& where) {
    return "SELECT " + entry_columns(as_it_is) + misfit_column + entry_source + "WHERE " + where;
}

std::string entry_page_listing(const std::string& where, const std::string& direction, bool whole) {
    const auto bytes = [&](const char* column) {
        return whole ? "coalesce(octet_length(" + std::string(column) + "), 0)" : shown_bytes(column);
    };
    return "SELECT " + (whole ? entry_columns(as_it_is) : entry_columns(shown_text)) + " FROM (SELECT seq, " +
           bytes_before("seq" + direction) + " AS before FROM (SELECT a.seq, " +
           bytes("coalesce(l.tool_args, a.tool_args)") + " + " + bytes("coalesce(l.metadata, a.metadata)") + " + " +
           bytes("(CASE WHEN l.id IS NULL THEN a.notes ELSE l.reviewer_notes END)") + " AS bytes" + entry_source +
           "WHERE " + where + " ORDER BY a.seq" + direction +
           " LIMIT $2) AS listed) AS place JOIN approvekit.approvekit_audit a ON a.seq = place.seq LEFT JOIN "
           "approvekit.audit_log l ON l.id = a.entry_id WHERE place.before < " +
           std::to_string(record::PageSize::most_bytes) + " ORDER BY a.seq" + direction;
}

}  // namespace approvekit::postgres
