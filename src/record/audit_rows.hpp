#pragma once

#include "approvekit/storage.hpp"
#include "record/audit_chain.hpp"
#include "record/page.hpp"
#include "record/stored_rows.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// The rows of the audit. An entry of ours is a row of approvekit_audit. If other programs read entries of its kind, it
/// has a row of audit_log too.
namespace approvekit::record {

/// Whether the texts of an entry of that kind are in audit_log, because the Python package knows this kind.
[[nodiscard]] bool is_in_base(AuditEvent event) noexcept;

/// The columns of a listing of entries, in its order. The texts come from audit_log if it has the entry: others read
/// them there, so a copy elsewhere must not hide that they were edited.
struct EntryColumn {
    enum : int {
        seq,
        entry_id,
        request_id,
        event,
        tool_name,  ///< this and the columns up to metadata are from audit_log if it has the entry
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
        hash,     ///< NULL for an entry that another program wrote
        base_id,  ///< this and the next two are from audit_log; NULL if it has no such row
        base_request_id,
        base_decision,
        lane,      ///< NULL for an entry in no lane
        own_fault  ///< in a stretch: what is wrong with the columns by themselves; NULL or empty: nothing
    };
};

template <StoredRows Rows>
[[nodiscard]] AuditRecord read_record(const Rows& row) {
    AuditRecord record;
    record.entry_id = row.text(EntryColumn::entry_id);
    record.request_id = row.text(EntryColumn::request_id);
    record.event = parse_audit_event(row.bytes(EntryColumn::event)).value_or(AuditEvent::refused);
    record.tool_name = row.text(EntryColumn::tool_name);
    record.tool_args = row.text(EntryColumn::tool_args);
    record.timestamp = row.text(EntryColumn::timestamp);
    record.notes = row.optional_text(EntryColumn::notes);
    record.metadata = row.text(EntryColumn::metadata);
    record.reviewer = row.text(EntryColumn::reviewer);
    record.way = row.text(EntryColumn::way);
    record.follows = row.text(EntryColumn::follows);
    record.is_signed = row.flag(EntryColumn::is_signed);
    record.view = row.text(EntryColumn::view);
    record.session = row.integer(EntryColumn::session);
    if (!row.is_null(EntryColumn::lane)) record.lane = row.integer(EntryColumn::lane);
    return record;
}

/// Returns what is wrong with an entry of a stretch, apart from its place in the chain. Empty: nothing. `hash` is the
/// row's.
template <StoredRows Rows>
[[nodiscard]] std::string fault_of_entry(const Rows& row, std::string_view hash) {
    if (!row.bytes(EntryColumn::own_fault).empty()) return row.text(EntryColumn::own_fault);
    // Only the own columns of an entry that another program wrote can be wrong.
    if (row.is_null(EntryColumn::hash)) return "";
    if (hash.empty()) return "its hash is empty";
    const auto known = parse_audit_event(row.bytes(EntryColumn::event));
    if (!known) return "its event is not one of ours";
    const bool has_base = !row.is_null(EntryColumn::base_id);
    if (!is_in_base(*known)) return has_base ? "another row in audit_log uses its id" : "";
    if (!has_base) return "its row in audit_log is missing";
    if (row.bytes(EntryColumn::base_request_id) != row.bytes(EntryColumn::request_id)) {
        return "its request id was changed";
    }
    return row.bytes(EntryColumn::base_decision) == row.bytes(EntryColumn::event) ? "" : "its decision was changed";
}

/// Does what Entries::each_of_stretch says.
template <StoredRows Rows>
bool show_entries(Rows rows, std::int64_t& from, const std::function<bool(const Entries::Placed&)>& look) {
    return show_stretch(std::move(rows), EntryColumn::seq, from, [&](const Rows& row) {
        const AuditRecord record = read_record(row);
        const std::string hash = row.binary(EntryColumn::hash);
        return look({row.integer(EntryColumn::seq), record, hash, fault_of_entry(row, hash)});
    });
}

/// Returns the place after which, in the order of the listing, the page that `query` asks for begins. Throws Error
/// (invalid_option) for a cursor that no page returned.
[[nodiscard]] std::int64_t place_before_page(const AuditQuery& query);

/// Returns the page that `rows` fill; the listing returns up to `limit` + 1 rows. Calls `prepare` with each row before
/// it is read.
template <StoredRows Rows, typename Prepare>
[[nodiscard]] AuditPage read_audit_page(Rows rows, std::size_t limit, Prepare prepare) {
    AuditPage page;
    PageSize size(limit);
    while (rows.next()) {
        if (size.is_full()) {
            page.next = std::to_string(page.entries.back().sequence);
            break;
        }
        prepare(rows);
        size.add_row(rows.size());
        page.entries.push_back(
            entry_of(rows.integer(EntryColumn::seq), read_record(rows), rows.binary(EntryColumn::hash)));
    }
    return page;
}

/// The columns of the listing of an intent in audit_log, in its order.
struct IntentColumn {
    enum : int { tool_name, timestamp, metadata };
};

/// Returns the intent in a row that was found by `entry_id`, with only the members that Entries::find_intent fills in.
template <StoredRows Rows>
[[nodiscard]] AuditRecord read_intent(const Rows& row, std::string_view entry_id) {
    AuditRecord record;
    record.entry_id = entry_id;
    record.request_id = auto_request_id;
    record.event = AuditEvent::approved;
    record.tool_name = row.text(IntentColumn::tool_name);
    record.timestamp = row.text(IntentColumn::timestamp);
    record.metadata = row.text(IntentColumn::metadata);
    return record;
}

/// The columns of the listing of the entries that a session wrote, in its order.
struct SessionEntryColumn {
    enum : int {
        entry_id,
        event,
        tool_name,
        follows,
        request_id  ///< if the listing has entries with other ids than auto_request_id
    };
};

/// The intents of one session that have no outcome yet, in the order of the chain.
class OpenIntents {
public:
    /// Takes the next entry of the session with auto_request_id.
    void follow(std::string_view entry_id, std::string_view event, std::string_view tool_name,
                std::string_view follows);
    template <StoredRows Rows>
    void follow(const Rows& row) {
        follow(row.bytes(SessionEntryColumn::entry_id), row.bytes(SessionEntryColumn::event),
               row.bytes(SessionEntryColumn::tool_name), row.bytes(SessionEntryColumn::follows));
    }

    [[nodiscard]] std::vector<OpenIntent> in_order() &&;

private:
    std::vector<std::string> order_;
    std::unordered_map<std::string, std::string> open_;  // entry id -> tool name
};

}  // namespace approvekit::record
