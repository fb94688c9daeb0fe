#include "record/audit_chain.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "record/stored_json.hpp"

#include <limits>
#include <utility>

namespace approvekit::record {

void make_exportable(AuditRecord& record) {
    for (std::string* const text :
         {&record.request_id, &record.tool_name, &record.reviewer, &record.way, &record.view}) {
        *text = json::exportable_text(std::move(*text));
    }
    if (record.notes) record.notes = json::exportable_text(*std::move(record.notes));
}

AuditRecord record_of(const AuditEntry& entry) {
    return {.entry_id = entry.id,
            .request_id = entry.request_id,
            .event = entry.decision,
            .tool_name = entry.tool_name,
            .tool_args = json::exportable_json(entry.tool_args),
            .timestamp = to_text(entry.timestamp),
            .notes = entry.reviewer_notes,
            .metadata = json::exportable_json(entry.metadata),
            .reviewer = entry.reviewer,
            .way = entry.way,
            .follows = entry.follows,
            .is_signed = entry.is_signed,
            .view = entry.view,
            .session = entry.session,
            .lane = entry.lane};
}

AuditEntry entry_of(std::int64_t sequence, const AuditRecord& record, std::string_view hash) {
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
    entry.sequence = sequence;
    entry.hash = hex_of(hash);
    entry.lane = record.lane;
    return entry;
}

std::int64_t place_behind(const ChainHead& head) {
    if (head.sequence == std::numeric_limits<std::int64_t>::max()) {
        throw StorageError(ErrorCode::storage_corrupt, "somebody gave an audit entry the last number there is");
    }
    return head.sequence + 1;
}

std::string link_hash(std::string_view previous, std::int64_t sequence, const AuditRecord& record) {
    const std::string notes = record.notes ? "=" + *record.notes : "";
    const std::string lane = record.lane ? " in lane " + std::to_string(*record.lane) : "";
    const Digest digest = digest_of_fields(
        {previous, std::to_string(sequence), record.entry_id, record.request_id, to_string(record.event),
         record.tool_name, record.tool_args, record.timestamp, notes, record.metadata, record.reviewer, record.way,
         record.follows, record.is_signed ? "signed" : "unsigned", record.view, std::to_string(record.session) + lane});
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

bool AuditChain::follow(std::int64_t sequence, const AuditRecord& record, std::string_view hash, std::string fault) {
    if (fault.empty()) fault = fault_of_place(sequence, record.lane.has_value());
    if (fault.empty() && hash != link_hash(ends_.before(record.lane), sequence, record)) {
        fault = "it does not follow from the entry before it: this one or an earlier one was changed, removed or moved";
    }
    if (!fault.empty()) {
        stop(sequence, record.entry_id, std::move(fault));
        return false;
    }
    ends_.pass(sequence, record.lane, hash);
    sequence_ = sequence;
    ++report_.entries;
    report_.sequence = sequence;
    if (report_.first.empty()) report_.first = hex_of(hash);
    note_mark(sequence);
    return true;
}

void AuditChain::note_mark(std::int64_t sequence) {
    if (sequence == mark_) report_.marked = head();
}

AuditReport AuditChain::report() const {
    AuditReport report = report_;
    report.head = head();
    return report;
}

void AuditChain::begin_behind(const ChainStart& start) {
    if (start.place <= sequence_) return;
    sequence_ = start.place;
    ends_ = start.ends;
    report_.archived = start.place;
    report_.sequence = start.place;
    report_.first = start.first;
    note_mark(start.place);
}

bool AuditChain::follow_kept(std::int64_t sequence, std::string_view before, const AuditRecord& record,
                             std::string_view hash, std::string fault) {
    const bool is_foreign = hash.empty();
    if (fault.empty() && !is_foreign && hash != link_hash(before, sequence, record)) {
        fault = "it is not the one that an archive left there";
    }
    if (!fault.empty()) {
        stop(sequence, record.entry_id, std::move(fault));
        return false;
    }
    ++(is_foreign ? report_.foreign_entries : report_.entries);
    // With an entry in a lane, the head also depends on the ends of other lanes, which are in the archive.
    if (!is_foreign && !record.lane && sequence == mark_) report_.marked = hex_of(hash);
    return true;
}

bool AuditChain::pass_foreign(std::int64_t sequence, std::string entry_id, std::string fault) {
    if (fault.empty()) fault = fault_of_place(sequence, false);
    if (!fault.empty()) {
        stop(sequence, std::move(entry_id), std::move(fault));
        return false;
    }
    ++report_.foreign_entries;
    ends_.pass(sequence, std::nullopt, {});
    sequence_ = sequence;
    return true;
}

std::string AuditChain::fault_of_place(std::int64_t sequence, bool is_in_lane) const {
    if (sequence < 1) return "it is before the first entry, where none can be";
    if (is_in_lane && sequence > sequence_) return "";
    if (is_in_lane) return "it is not in the order of the lanes";
    if (sequence == sequence_ + 1) return "";
    return "the entry before it, in place " + std::to_string(sequence - 1) + ", is missing";
}

void AuditChain::stop(std::int64_t sequence, std::string entry_id, std::string fault) {
    report_.fault = {.sequence = sequence, .entry_id = std::move(entry_id), .what = std::move(fault), .request_id = {}};
}

}  // namespace approvekit::record
