#include "postgres/audit_rows.hpp"

#include "approvekit/digest.hpp"
#include "postgres/shown_text.hpp"
#include "record/stored_json.hpp"

namespace approvekit::postgres {

using record::stored_json;

namespace {

struct EntryColumn {
    enum : int {
        seq,
        entry_id,
        request_id,
        event,
        tool_name,
        tool_args,
        timestamp,
        notes,
        metadata,
        reviewer,
        way,
        follows,
        is_signed,
        view,
        session,
        hash,
        base_id,
        base_request_id,
        base_decision,
        lane,
        own_fault
    };
};

std::string as_it_is(const char* text) {
    return text;
}

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
    "OR a.session <> 0 OR coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata) IS NOT NULL) THEN "
    "'another program wrote it, and it says what only an entry of ours can' WHEN a.hash IS NOT NULL AND l.id IS NOT "
    "NULL AND coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata) IS NOT NULL THEN 'it holds shadow "
    "values beside its row in audit_log' ELSE '' END";

}  // namespace

bool is_in_base(AuditEvent event) noexcept {
    return event == AuditEvent::approved || event == AuditEvent::rejected || event == AuditEvent::timeout;
}

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

record::AuditRecord read_record(const Rows& rows) {
    record::AuditRecord record;
    record.entry_id = rows.text(EntryColumn::entry_id);
    record.request_id = rows.text(EntryColumn::request_id);
    record.event = parse_audit_event(rows.bytes(EntryColumn::event)).value_or(AuditEvent::refused);
    record.tool_name = rows.text(EntryColumn::tool_name);
    record.tool_args = rows.text(EntryColumn::tool_args);
    record.timestamp = rows.text(EntryColumn::timestamp);
    record.notes = rows.optional_text(EntryColumn::notes);
    record.metadata = rows.text(EntryColumn::metadata);
    record.reviewer = rows.text(EntryColumn::reviewer);
    record.way = rows.text(EntryColumn::way);
    record.follows = rows.text(EntryColumn::follows);
    record.is_signed = rows.flag(EntryColumn::is_signed);
    record.view = rows.text(EntryColumn::view);
    record.session = rows.integer(EntryColumn::session);
    if (!rows.is_null(EntryColumn::lane)) record.lane = rows.integer(EntryColumn::lane);
    return record;
}

AuditEntry read_entry(const Rows& rows) {
    const record::AuditRecord record = read_record(rows);
    AuditEntry entry;
    entry.id = record.entry_id;
    entry.request_id = record.request_id;
    entry.tool_name = record.tool_name;
    entry.tool_args = stored_json(record.tool_args);
    entry.decision = record.event;
    entry.timestamp = parse_time(record.timestamp).value_or(Time{});
    entry.reviewer_notes = record.notes;
    entry.metadata = stored_json(record.metadata);
    entry.reviewer = record.reviewer;
    entry.way = record.way;
    entry.follows = record.follows;
    entry.is_signed = record.is_signed;
    entry.view = record.view;
    entry.session = record.session;
    entry.lane = record.lane;
    entry.sequence = sequence_of(rows);
    const std::string bytes = hash_of(rows);
    entry.hash = to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return entry;
}

std::int64_t sequence_of(const Rows& rows) {
    return rows.integer(EntryColumn::seq);
}

std::string hash_of(const Rows& rows) {
    return rows.binary(EntryColumn::hash);
}

std::string fault_of(const Rows& rows) {
    if (!rows.bytes(EntryColumn::own_fault).empty()) return rows.text(EntryColumn::own_fault);
    if (rows.is_null(EntryColumn::hash)) return "";
    if (hash_of(rows).empty()) return "its hash is empty";
    const auto known = parse_audit_event(rows.bytes(EntryColumn::event));
    if (!known) return "its event is not one of ours";
    const bool has_base = !rows.is_null(EntryColumn::base_id);
    if (!is_in_base(*known)) return has_base ? "a row in audit_log poses as it" : "";
    if (!has_base) return "its row in audit_log is missing";
    if (rows.bytes(EntryColumn::base_request_id) != rows.bytes(EntryColumn::request_id)) {
        return "its request id was changed";
    }
    return rows.bytes(EntryColumn::base_decision) == rows.bytes(EntryColumn::event) ? "" : "its decision was changed";
}

}  // namespace approvekit::postgres
