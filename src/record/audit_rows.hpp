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

/// The rows of the audit. An entry of ours is a row of approvekit_audit, and one of audit_log beside it where that is what
/// another program reads.
namespace approvekit::record {

/// Whether an entry of that kind has its texts in audit_log, as the Python package knows it.
[[nodiscard]] bool is_in_base(AuditEvent event) noexcept;

/// The columns of a listing of entries, in its order. What stands in audit_log comes first: that is what others read, so a
/// copy beside it must not hide that it was edited.
struct EntryColumn {
    enum : int {
        seq,
        entry_id,
        request_id,
        event,
        tool_name,  ///< of audit_log where it has the entry, as what comes up to metadata
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
        base_id,  ///< of audit_log, as the next two; NULL where it has no such row
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

/// What is wrong with an entry of a stretch besides its place in the chain; empty: nothing. `hash` is that of the row.
template <StoredRows Rows>
[[nodiscard]] std::string fault_of_entry(const Rows& row, std::string_view hash) {
    if (!row.bytes(EntryColumn::own_fault).empty()) return row.text(EntryColumn::own_fault);
    // Of what another program wrote only what it says of itself can be wrong.
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

/// As Entries::each_of_stretch does.
template <StoredRows Rows>
bool show_entries(Rows rows, std::int64_t& from, const std::function<bool(const Entries::Placed&)>& look) {
    return show_stretch(std::move(rows), EntryColumn::seq, from, [&](const Rows& row) {
        const AuditRecord record = read_record(row);
        const std::string hash = row.binary(EntryColumn::hash);
        return look({row.integer(EntryColumn::seq), record, hash, fault_of_entry(row, hash)});
    });
}

/// Behind which place, in its order, the page begins that `query` asks for. Throws Error (invalid_option) for a cursor that
/// no page handed out.
[[nodiscard]] std::int64_t place_before_page(const AuditQuery& query);

/// The page that `rows` fill, of which a listing has one more than `limit`. Before each is read it is shown to `prepare`.
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

/// The intent with that entry, by which the row was found, as far as Entries::find_intent tells of it.
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

/// The columns of the listing of what a session wrote, in its order.
struct SessionEntryColumn {
    enum : int {
        entry_id,
        event,
        tool_name,
        follows,
        request_id  ///< where the listing has others than auto_request_id
    };
};

/// The intents of one session, in the order of the chain, as long as no outcome of them came.
class OpenIntents {
public:
    /// An entry of the session with auto_request_id.
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
