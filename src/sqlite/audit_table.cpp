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

record::ChainHead AuditTable::head() {
    record::ChainHead head;
    Rows rows = head_.rows();
    while (head.hash.empty() && rows.next()) {
        head.sequence = std::max(head.sequence, rows.integer(0));
        head.hash = rows.text(1);
    }
    if (!has_lanes_ && head.sequence > 0) has_lanes_ = lanes_.exists();
    if (has_lanes_.value_or(false)) head.hash = lanes_.ends().combined();
    return head;
}

bool AuditTable::has_lanes() {
    return has_lanes_ ? *has_lanes_ : lanes_.exists();
}

EntryListings& AuditTable::listings() {
    return has_lanes() ? in_lanes_ : in_one_chain_;
}

std::int64_t AuditTable::last_place() {
    Rows rows = last_place_.rows();
    return rows.next() ? rows.integer(0) : 0;
}

void AuditTable::append(const record::AuditRecord& record) {
    if (!known_head_) known_head_ = head();
    append_behind(*known_head_, record);
}

void AuditTable::append_behind(record::ChainHead& head, const record::AuditRecord& record) {
    const std::int64_t sequence = record::place_behind(head);
    if (has_lanes()) lanes_.remove_from(sequence);
    std::string hash = record::link_hash(head.hash, sequence, record);
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
    EntryListings& all = listings();
    Query& everything = query.oldest_first ? all.oldest : all.newest;
    Query& of_request = query.oldest_first ? all.oldest_of : all.newest_of;
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
    return record::read_first(listings().settlement.rows(request_id), record::read_record<Rows>);
}

std::optional<record::AuditRecord> AuditTable::find(std::string_view request_id, std::string_view entry_id) {
    return record::read_first(listings().find.rows(request_id, entry_id), record::read_record<Rows>);
}

std::optional<record::AuditRecord> AuditTable::find_intent(std::string_view entry_id) {
    return record::read_first(find_intent_.rows(entry_id),
                              [&](const Rows& row) { return record::read_intent(row, entry_id); });
}

void AuditTable::each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const record::AuditRecord&)>& look) {
    Rows rows = listings().each_of.rows(request_id);
    while (rows.next())
        look(rows.integer(EntryColumn::seq), record::read_record(rows));
}

bool AuditTable::each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) {
    constexpr std::int64_t at_once = 1000;
    return record::show_entries(listings().placed.rows(from, at_once), from, look);
}

void AuditTable::remove(std::int64_t sequence, const std::string& entry_id) {
    remove_link_.run(sequence);
    remove_base_.run(entry_id);
    if (has_lanes()) lanes_.remove(sequence);
}

std::optional<std::int64_t> AuditTable::lane_without_entry() {
    return has_lanes() ? lanes_.without_entry() : std::nullopt;
}

std::int64_t AuditTable::strangers() {
    Rows rows = strangers_.rows();
    return rows.next() ? rows.integer(0) : 0;
}

}  // namespace approvekit::sqlite
