#include "sqlite/audit_table.hpp"

#include "record/audit_rows.hpp"
#include "record/page.hpp"
#include "sqlite/query.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace approvekit::sqlite {

using record::EntryColumn;
using record::PageSize;
using record::SessionEntryColumn;

std::string AuditTable::listing(const char* where, const std::string& more_columns) {
    return "SELECT a.seq, a.entry_id, a.request_id, a.event, coalesce(l.tool_name, a.tool_name), "
           "coalesce(l.tool_args, a.tool_args, '{}'), coalesce(l.timestamp, a.timestamp), "
           "iif(l.id IS NULL, a.notes, l.reviewer_notes), coalesce(l.metadata, a.metadata, '{}'), a.reviewer, "
           "a.way, a.follows, a.is_signed, a.view, a.session, a.hash, l.id, l.request_id, l.decision, NULL" +
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
    const std::int64_t sequence = record::place_behind(head);
    std::string hash = record::link_hash(head, sequence, record);
    const std::string event(to_string(record.event));
    const std::int64_t is_signed = record.is_signed ? 1 : 0;
    if (record::is_in_base(record.event)) {
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
    const std::int64_t from = record::place_before_page(query);
    const auto limit = static_cast<std::int64_t>(query.limit);
    Query& everything = query.oldest_first ? oldest_ : newest_;
    Query& of_request = query.oldest_first ? oldest_of_ : newest_of_;
    Rows rows = query.request_id.empty() ? everything.rows(from, limit + 1)
                                         : of_request.rows(query.request_id, from, limit + 1);
    return record::read_audit_page(std::move(rows), query.limit, [&](Rows& row) {
        const bool is_whole = query.oldest_first && !row.is_null(EntryColumn::hash);
        row.leave_out_longer_than(is_whole ? std::numeric_limits<std::size_t>::max() : PageSize::most_bytes);
    });
}

std::vector<record::OpenIntent> AuditTable::open_intents(std::int64_t session) {
    record::OpenIntents found;
    Rows rows = open_intents_.rows(session);
    while (rows.next()) {
        if (rows.bytes(SessionEntryColumn::request_id) == auto_request_id) found.follow(rows);
    }
    return std::move(found).in_order();
}

bool AuditTable::is_open_intent(const std::string& entry_id) {
    Rows rows = is_open_intent_.rows(entry_id);
    return rows.next() && rows.integer(0) == 1 && rows.integer(1) == 0;
}

std::optional<record::AuditRecord> AuditTable::settlement(std::string_view request_id) {
    return record::read_first(settlement_.rows(request_id), record::read_record<Rows>);
}

std::optional<record::AuditRecord> AuditTable::find(std::string_view request_id, std::string_view entry_id) {
    return record::read_first(find_.rows(request_id, entry_id), record::read_record<Rows>);
}

std::optional<record::AuditRecord> AuditTable::find_intent(std::string_view entry_id) {
    return record::read_first(find_intent_.rows(entry_id),
                              [&](const Rows& row) { return record::read_intent(row, entry_id); });
}

void AuditTable::each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const record::AuditRecord&)>& look) {
    Rows rows = each_of_.rows(request_id);
    while (rows.next())
        look(rows.integer(EntryColumn::seq), record::read_record(rows));
}

bool AuditTable::each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) {
    constexpr std::int64_t at_once = 1000;
    return record::show_entries(placed_.rows(from, at_once), from, look);
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
