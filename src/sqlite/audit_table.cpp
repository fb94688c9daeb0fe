#include "sqlite/audit_table.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "record/page.hpp"
#include "record/stored_json.hpp"
#include "sqlite/query.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace approvekit::sqlite {

using record::OpenIntent;
using record::PageSize;
using record::stored_json;

namespace {

constexpr std::int64_t placed_at_once = 1000;

enum Column {
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
    own_fault
};

bool in_base(AuditEvent event) noexcept {
    return event == AuditEvent::approved || event == AuditEvent::rejected || event == AuditEvent::timeout;
}

record::AuditRecord read_record(const Rows& rows) {
    record::AuditRecord record;
    record.entry_id = rows.text(entry_id);
    record.request_id = rows.text(request_id);
    record.event = parse_audit_event(rows.bytes(event)).value_or(AuditEvent::refused);
    record.tool_name = rows.text(tool_name);
    record.tool_args = rows.text(tool_args);
    record.timestamp = rows.text(timestamp);
    record.notes = rows.optional_text(notes);
    record.metadata = rows.text(metadata);
    record.reviewer = rows.text(reviewer);
    record.way = rows.text(way);
    record.follows = rows.text(follows);
    record.is_signed = rows.integer(is_signed) != 0;
    record.view = rows.text(view);
    record.session = rows.integer(session);
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
    entry.sequence = rows.integer(seq);
    const std::string_view bytes = rows.bytes(hash);
    entry.hash = to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    return entry;
}

/// What is wrong with a link besides its hash, or nothing.
std::string fault_of(const Rows& rows) {
    if (!rows.is_null(own_fault)) return rows.text(own_fault);
    if (rows.bytes(hash).empty()) return "its hash is empty";
    const auto known = parse_audit_event(rows.bytes(event));
    if (!known) return "its event is not one of ours";
    if (!in_base(*known)) return rows.is_null(base_id) ? "" : "a row in audit_log poses as it";
    if (rows.is_null(base_id)) return "its row in audit_log is missing";
    if (rows.bytes(base_request_id) != rows.bytes(request_id)) return "its request id was changed";
    return rows.bytes(base_decision) == rows.bytes(event) ? "" : "its decision was changed";
}

}  // namespace

// What stands in audit_log comes first: that is what others read, so a copy beside it must not hide that it was edited.
std::string AuditTable::listing(const char* where, const std::string& more_columns) {
    return "SELECT a.seq, a.entry_id, a.request_id, a.event, coalesce(l.tool_name, a.tool_name), "
           "coalesce(l.tool_args, a.tool_args, '{}'), coalesce(l.timestamp, a.timestamp), "
           "iif(l.id IS NULL, a.notes, l.reviewer_notes), coalesce(l.metadata, a.metadata, '{}'), a.reviewer, "
           "a.way, a.follows, a.is_signed, a.view, a.session, a.hash, l.id, l.request_id, l.decision" +
           more_columns + " FROM approvekit_audit a LEFT JOIN audit_log l ON l.id = a.entry_id WHERE " + where;
}

std::string AuditTable::misfit() {
    const std::string own_texts = "coalesce(a.tool_name, a.tool_args, a.timestamp, a.notes, a.metadata)";
    return ", CASE WHEN a.hash IS NULL THEN iif(a.reviewer IS '' AND a.way IS '' AND a.follows IS '' AND a.is_signed "
           "IS 0 AND a.view IS '' AND a.session IS 0 AND " +
           own_texts +
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
                                {"hash", "a.hash", "'blob'"}}) +
           " END";
}

record::ChainHead AuditTable::head() {
    record::ChainHead head;
    Rows rows = head_.rows();
    while (head.hash.empty() && rows.next()) {
        head.sequence = std::max(head.sequence, rows.integer(0));
        head.hash = rows.text(1);
    }
    return head;
}

void AuditTable::append(const record::AuditRecord& record) {
    if (!known_head_) known_head_ = head();
    append_behind(*known_head_, record);
}

void AuditTable::append_behind(record::ChainHead& head, const record::AuditRecord& record) {
    if (head.sequence == std::numeric_limits<std::int64_t>::max()) {
        throw StorageError(ErrorCode::storage_corrupt, "somebody gave an audit entry the last number there is");
    }
    const std::int64_t sequence = head.sequence + 1;
    std::string hash = record::link_hash(head, sequence, record);
    const std::string event(to_string(record.event));
    const std::int64_t is_signed = record.is_signed ? 1 : 0;
    if (in_base(record.event)) {
        insert_base_.run(record.entry_id, record.request_id, record.tool_name, record.tool_args, event,
                         record.timestamp, record.notes, record.metadata);
        insert_link_.run(sequence, record.entry_id, record.request_id, event, record.reviewer, record.way,
                         record.follows, is_signed, record.view, record.session, Blob{hash}, nullptr, nullptr, nullptr,
                         nullptr, nullptr);
    } else {
        insert_link_.run(sequence, record.entry_id, record.request_id, event, record.reviewer, record.way,
                         record.follows, is_signed, record.view, record.session, Blob{hash}, record.tool_name,
                         record.tool_args, record.timestamp, record.notes, record.metadata);
    }
    head.sequence = sequence;
    head.hash = std::move(hash);
}

AuditPage AuditTable::list(const AuditQuery& query) {
    const std::int64_t first = query.oldest_first ? 0 : std::numeric_limits<std::int64_t>::max();
    const std::int64_t from = query.cursor.empty() ? first : record::parse_sequence_cursor(query.cursor);
    const auto limit = static_cast<std::int64_t>(query.limit);
    Query& everything = query.oldest_first ? oldest_ : newest_;
    Query& of_request = query.oldest_first ? oldest_of_ : newest_of_;
    Rows rows = query.request_id.empty() ? everything.rows(from, limit + 1)
                                         : of_request.rows(query.request_id, from, limit + 1);
    AuditPage page;
    PageSize size(query.limit);
    while (rows.next()) {
        if (size.is_full()) {
            page.next = std::to_string(page.entries.back().sequence);
            break;
        }
        const bool whole = query.oldest_first && !rows.is_null(hash);
        rows.leave_out_longer_than(whole ? std::numeric_limits<std::size_t>::max() : PageSize::most_bytes);
        size.add_row(rows.size());
        page.entries.push_back(read_entry(rows));
    }
    return page;
}

std::vector<OpenIntent> AuditTable::open_intents(std::int64_t session) {
    std::vector<std::string> order;
    std::unordered_map<std::string, std::string> open;  // entry id -> tool name
    Rows rows = open_intents_.rows(session);
    while (rows.next()) {
        if (rows.bytes(2) != auto_request_id) continue;
        if (rows.bytes(3) == to_string(AuditEvent::approved)) {
            order.push_back(rows.text(1));
            open.emplace(rows.text(1), rows.text(4));
        } else {
            open.erase(rows.text(5));
        }
    }
    std::vector<OpenIntent> intents;
    for (std::string& id : order) {
        if (const auto at = open.find(id); at != open.end()) {
            intents.push_back({std::move(id), std::string(auto_request_id), std::move(at->second)});
        }
    }
    return intents;
}

bool AuditTable::is_open_intent(const std::string& entry_id) {
    Rows rows = is_open_intent_.rows(entry_id);
    return rows.next() && rows.integer(0) == 1 && rows.integer(1) == 0;
}

std::optional<record::AuditRecord> AuditTable::settlement(std::string_view request_id) {
    Rows rows = settlement_.rows(request_id);
    return rows.next() ? std::optional(read_record(rows)) : std::nullopt;
}

std::optional<record::AuditRecord> AuditTable::find(std::string_view request_id, std::string_view entry_id) {
    Rows rows = find_.rows(request_id, entry_id);
    return rows.next() ? std::optional(read_record(rows)) : std::nullopt;
}

std::optional<record::AuditRecord> AuditTable::find_intent(std::string_view entry_id) {
    Rows rows = find_intent_.rows(entry_id);
    if (!rows.next()) return std::nullopt;
    record::AuditRecord record;
    record.entry_id = entry_id;
    record.request_id = auto_request_id;
    record.event = AuditEvent::approved;
    record.tool_name = rows.text(0);
    record.timestamp = rows.text(1);
    record.metadata = rows.text(2);
    return record;
}

void AuditTable::each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const record::AuditRecord&)>& look) {
    Rows rows = each_of_.rows(request_id);
    while (rows.next())
        look(rows.integer(seq), read_record(rows));
}

bool AuditTable::each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) {
    Rows rows = placed_.rows(from, placed_at_once);
    bool any = false;
    while (rows.next()) {
        any = true;
        const std::int64_t sequence = rows.integer(seq);
        const record::AuditRecord record = read_record(rows);
        // What another program wrote has no hash, and only what it says of itself can be wrong.
        std::string fault = rows.is_null(hash) ? rows.text(own_fault) : fault_of(rows);
        const std::string bytes = rows.text(hash);
        const bool goes_on = look({sequence, record, bytes, std::move(fault)});
        if (!goes_on || sequence == std::numeric_limits<std::int64_t>::max()) return false;
        from = sequence + 1;
    }
    return any;
}

void AuditTable::remove(std::int64_t sequence, const std::string& entry_id) {
    remove_link_.run(sequence);
    remove_base_.run(entry_id);
}

std::int64_t AuditTable::strangers() {
    Rows rows = strangers_.rows();
    return rows.next() ? rows.integer(0) : 0;
}

}  // namespace approvekit::sqlite
