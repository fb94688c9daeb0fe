#include "postgres/audit_table.hpp"

#include "approvekit/error.hpp"
#include "postgres/audit_listing.hpp"
#include "postgres/chain_end.hpp"
#include "record/audit_rows.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace approvekit::postgres {

using record::AuditRecord;
using record::EntryColumn;
using record::OpenIntent;

namespace {

/// Returns it with its texts as the server stores them, so that the chain covers what will be read.
AuditRecord as_stored(AuditRecord record) {
    for (std::string* const text : {&record.entry_id, &record.request_id, &record.tool_name, &record.tool_args,
                                    &record.metadata, &record.reviewer, &record.way, &record.follows, &record.view}) {
        *text = storable_text(*text);
    }
    if (record.notes) record.notes = storable_text(*record.notes);
    return record;
}

/// Written there, the entries would come before others that they follow.
StorageError no_place_behind(const Connection& connection) {
    return StorageError(ErrorCode::storage_corrupt,
                        connection.target().place() +
                            ": somebody gave an audit entry a place that was not its turn; nothing was written");
}

/// Written with them, entries would be lost, or stand twice in one place.
StorageError wrong_places(const Connection& connection) {
    return StorageError(ErrorCode::storage_io,
                        connection.target().place() +
                            ": the server did not give each audit entry a place of its own; nothing was written");
}

bool settles(const AuditRecord& record, std::string_view request_id) {
    return record.request_id == request_id && request_id != auto_request_id &&
           parse_approval_status(to_string(record.event)).has_value();
}

}  // namespace

void AuditTable::append(const AuditRecord& record) {
    kept_back_.push_back(as_stored(record));
}

void AuditTable::write_out() {
    if (kept_back_.empty()) return;
    if (!end_) end_ = lock_a_lane(access_.connection, access_.waits.any);
    const std::vector<std::int64_t> places = next_places();
    for (std::size_t index = 0; index < places.size(); ++index)
        write_behind(*end_, places[index], kept_back_[index]);
    kept_back_.clear();
}

std::vector<std::int64_t> AuditTable::next_places() {
    std::vector<std::int64_t> places;
    // Also for entries in no lane, so that later entries get higher places.
    if (end_->is_one_of_several) {
        Rows rows =
            access_.connection.rows("SELECT nextval('approvekit.approvekit_places') FROM generate_series(1, $1)",
                                    static_cast<std::int64_t>(kept_back_.size()));
        places = record::read_all(std::move(rows), [](const Rows& row) { return row.integer(0); });
        std::sort(places.begin(), places.end());
        const bool is_any_twice = std::adjacent_find(places.begin(), places.end()) != places.end();
        if (places.size() != kept_back_.size() || is_any_twice) throw wrong_places(access_.connection);
        if (places.front() <= end_->head.sequence) throw no_place_behind(access_.connection);
    }
    if (end_->lane) return places;
    places.clear();
    record::ChainHead last = end_->head;
    while (places.size() < kept_back_.size()) {
        last.sequence = record::place_behind(last);
        places.push_back(last.sequence);
    }
    return places;
}

void AuditTable::write_behind(ChainEnd& end, std::int64_t sequence, const AuditRecord& unplaced) {
    static_cast<void>(record::place_behind(end.head));  // the sequence would continue even if there is no place left
    AuditRecord record = unplaced;
    record.lane = end.lane;
    std::string hash = record::link_hash(end.head.hash, sequence, record);
    const std::string_view event = to_string(record.event);
    const bool in_base = record::is_in_base(record.event);
    const auto own = [&](const std::optional<std::string>& text) { return in_base ? std::nullopt : text; };
    if (in_base) {
        access_.connection.queue(
            "INSERT INTO approvekit.audit_log(id, request_id, tool_name, tool_args, decision, timestamp, "
            "reviewer_notes, metadata) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            record.entry_id, record.request_id, record.tool_name, record.tool_args, event, record.timestamp,
            record.notes, record.metadata);
    }
    access_.connection.queue(
        "INSERT INTO approvekit.approvekit_audit(seq, entry_id, request_id, event, reviewer, way, follows, is_signed, "
        "view, session, hash, tool_name, tool_args, timestamp, notes, metadata, lane) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        sequence, record.entry_id, record.request_id, event, record.reviewer, record.way, record.follows,
        record.is_signed, record.view, record.session, Binary{hash}, own(record.tool_name), own(record.tool_args),
        own(record.timestamp), own(record.notes), own(record.metadata), record.lane);
    end.head.sequence = sequence;
    end.head.hash = std::move(hash);
}

AuditPage AuditTable::list(const AuditQuery& query) {
    const std::int64_t from = record::place_before_page(query);
    const auto limit = static_cast<std::int64_t>(query.limit) + 1;
    const std::string direction = query.oldest_first ? "" : " DESC";
    std::string where = std::string("a.seq ") + (query.oldest_first ? ">" : "<") + " $1";
    if (last_place_ != std::numeric_limits<std::int64_t>::max()) {
        where += " AND a.seq <= " + std::to_string(last_place_);
    }
    if (!query.request_id.empty()) where += " AND a.request_id = $3 AND a.request_id <> 'auto'";
    const std::string sql = entry_page_listing(where, direction, query.oldest_first);
    Rows rows = access_.connection.rows(query.request_id.empty() ? Statement(sql, from, limit)
                                                                 : Statement(sql, from, limit, query.request_id));
    return record::read_audit_page(std::move(rows), query.limit, [](const Rows&) {});
}

std::vector<OpenIntent> AuditTable::open_intents(std::int64_t session) {
    record::OpenIntents found;
    Rows rows = access_.connection.rows(
        "SELECT a.entry_id, a.event, coalesce(l.tool_name, ''), a.follows FROM approvekit.approvekit_audit a LEFT JOIN "
        "approvekit.audit_log l ON l.id = a.entry_id WHERE a.seq > (SELECT first_entry FROM "
        "approvekit.approvekit_sessions WHERE number = $1) AND a.session = $1 AND a.request_id = 'auto' ORDER BY a.seq",
        session);
    while (rows.next())
        found.follow(rows);
    for (const AuditRecord& record : kept_back_) {
        if (record.session != session || record.request_id != auto_request_id) continue;
        found.follow(record.entry_id, to_string(record.event), record.tool_name, record.follows);
    }
    return std::move(found).in_order();
}

bool AuditTable::is_open_intent(const std::string& entry_id) {
    Rows rows = access_.connection.rows(
        "SELECT count(*) FILTER (WHERE entry_id = $1), count(*) FILTER (WHERE follows = $1) FROM "
        "approvekit.approvekit_audit WHERE entry_id = $1 OR follows = $1",
        entry_id);
    rows.next();
    std::int64_t intents = rows.integer(0);
    std::int64_t outcomes = rows.integer(1);
    for (const AuditRecord& record : kept_back_) {
        intents += record.entry_id == entry_id ? 1 : 0;
        outcomes += record.follows == entry_id ? 1 : 0;
    }
    return intents == 1 && outcomes == 0;
}

const AuditRecord* AuditTable::kept_back(const std::function<bool(const AuditRecord&)>& is_wanted) const {
    const auto found = std::find_if(kept_back_.begin(), kept_back_.end(), is_wanted);
    return found == kept_back_.end() ? nullptr : &*found;
}

std::optional<AuditRecord> AuditTable::settlement(std::string_view request_id) {
    static const std::string sql = entry_listing(
        "a.request_id = $1 AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.event IN ('approved', 'rejected', "
        "'timeout', 'cancelled', 'answered') ORDER BY a.seq LIMIT 1");
    Rows rows = access_.connection.rows(Statement(sql, request_id));
    if (rows.next()) return record::read_record(rows);
    const AuditRecord* const found = kept_back([&](const AuditRecord& record) { return settles(record, request_id); });
    return found == nullptr ? std::nullopt : std::optional(*found);
}

std::optional<AuditRecord> AuditTable::find(std::string_view request_id, std::string_view entry_id) {
    if (request_id == auto_request_id) return std::nullopt;
    const AuditRecord* const found = kept_back(
        [&](const AuditRecord& record) { return record.request_id == request_id && record.entry_id == entry_id; });
    if (found != nullptr) return *found;
    static const std::string sql =
        entry_listing("a.request_id = $1 AND a.request_id <> 'auto' AND a.hash IS NOT NULL AND a.entry_id = $2");
    return record::read_first(access_.connection.rows(Statement(sql, request_id, entry_id)), record::read_record<Rows>);
}

std::optional<AuditRecord> AuditTable::find_intent(std::string_view entry_id) {
    const AuditRecord* const found = kept_back([&](const AuditRecord& record) {
        return record.entry_id == entry_id && record.request_id == auto_request_id &&
               record.event == AuditEvent::approved;
    });
    if (found != nullptr) return *found;
    Rows rows = access_.connection.rows(
        "SELECT tool_name, timestamp, metadata FROM approvekit.audit_log WHERE id = $1 AND request_id = 'auto' AND "
        "decision = 'approved'",
        entry_id);
    return record::read_first(std::move(rows), [&](const Rows& row) { return record::read_intent(row, entry_id); });
}

void AuditTable::each_of(std::string_view request_id,
                         const std::function<void(std::int64_t, const AuditRecord&)>& look) {
    // Only if needed, since a call by a grant reads that grant's entries and must not lock the end of a chain for
    // longer than necessary.
    if (kept_back([&](const AuditRecord& record) { return record.request_id == request_id; }) != nullptr) write_out();
    static const std::string sql =
        entry_listing("a.request_id = $1 AND a.request_id <> 'auto' AND a.hash IS NOT NULL ORDER BY a.seq");
    Rows rows = access_.connection.rows(Statement(sql, request_id));
    while (rows.next())
        look(rows.integer(EntryColumn::seq), record::read_record(rows));
}

bool AuditTable::each_of_stretch(std::int64_t& from, const std::function<bool(const Placed&)>& look) {
    return each_of_few(from, 1000, look);
}

bool AuditTable::each_of_few(std::int64_t& from, std::size_t most, const std::function<bool(const Placed&)>& look) {
    static const std::string sql = checked_entry_listing("a.seq >= $1 AND a.seq <= $2 ORDER BY a.seq LIMIT $3");
    Rows rows = access_.connection.rows(Statement(sql, from, last_place_, static_cast<std::int64_t>(most)));
    return record::show_entries(std::move(rows), from, look);
}

void AuditTable::own_end() {
    // The transaction may have written into one lane already. The ends of the others would not be part of what follows.
    if (!end_ || end_->lane) end_ = lock_all_lanes(access_.connection, access_.waits.each);
}

void AuditTable::remove(std::int64_t sequence, const std::string& entry_id) {
    access_.connection.queue("DELETE FROM approvekit.approvekit_audit WHERE seq = $1", sequence);
    access_.connection.queue("DELETE FROM approvekit.audit_log WHERE id = $1", entry_id);
}

std::int64_t AuditTable::strangers() {
    Rows rows = access_.connection.rows(
        "SELECT count(*) FROM approvekit.audit_log l WHERE NOT EXISTS (SELECT 1 FROM approvekit.approvekit_audit a "
        "WHERE a.entry_id = l.id)");
    return rows.next() ? rows.integer(0) : 0;
}

std::int64_t AuditTable::last_place() {
    Rows rows = access_.connection.rows("SELECT coalesce(max(seq), 0) FROM approvekit.approvekit_audit");
    return rows.next() ? std::min(rows.integer(0), last_place_) : 0;
}

}  // namespace approvekit::postgres
