#include "record/hold_control.hpp"

#include "approvekit/error.hpp"
#include "json/json_view.hpp"
#include "record/archive_removal.hpp"
#include "record/decision_check.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace approvekit::record {

namespace {

DecisionError released_before(const AuditHold& hold) {
    return DecisionError(ErrorCode::already_decided, "the hold on " + hold.subject + " was released by " +
                                                         hold.ended_by + " (" + hold.ended_way + ") at " +
                                                         to_text(*hold.ended_at) + " UTC");
}

/// Returns the last `event` entry about the subject.
std::optional<AuditRecord> told(const std::string& subject, AuditEvent event, Entries& entries) {
    std::optional<AuditRecord> found;
    entries.each_of(subject, [&](std::int64_t, const AuditRecord& record) {
        if (record.event == event) found = record;
    });
    return found;
}

/// Whether the last archive removes the request, or may remove it: entries that another program wrote are not searched.
bool is_taken_by_archive(const ApprovalRequest& request, const ArchiveAnchor& last, Tables& tables) {
    const std::int64_t start = tables.archives.start().place;
    bool has_entries = request.status == ApprovalStatus::pending;
    bool leaves = false;
    tables.entries.each_of(request.id, [&](std::int64_t sequence, const AuditRecord&) {
        has_entries = true;
        if (sequence > last.place) return;
        const auto kept = tables.archives.kept(sequence);
        leaves = leaves || (kept ? kept->leaves : sequence > start);
    });
    return leaves || !has_entries;
}

/// The place of an intent is not known, so its time is used instead.
void refuse_leaving(const std::string& subject, const ApprovalRequest* request, const AuditRecord* intent,
                    Tables& tables) {
    if (!is_anything_to_remove(tables)) return;
    const ArchiveAnchor last = *tables.archives.last();
    const bool may_leave =
        request != nullptr ? is_taken_by_archive(*request, last, tables) : intent->timestamp < to_text(last.until);
    if (!may_leave) return;
    throw StorageError(ErrorCode::storage_busy,
                       subject + ": cannot be held now: entries of its time are being moved into the archive " +
                           last.file + "; try it again when that is done, or finish it by another 'audit archive'");
}

bool is_by(const AuditRecord& entry, const std::string& reviewer, const std::string& way) {
    return json::exportable_text(reviewer) == entry.reviewer && way == entry.way;
}

}  // namespace

AuditHold HoldControl::hold(const std::string& subject, const std::string& reason, const Author& author) {
    const auto found = work_.tables.holds.find(subject);
    if (found && found->hold.in_force()) return found->hold;
    const auto request = work_.tables.requests.find(subject);
    // From here on, no archive can be recorded that does not know of this hold.
    work_.tables.entries.own_end();
    const auto intent = request ? std::nullopt : work_.tables.entries.find_intent(subject);
    if (!request && !intent) {
        throw DecisionError(ErrorCode::not_found, "there is no request " + subject + ", nor a call with that entry");
    }
    refuse_leaving(subject, request ? &request->request : nullptr, intent ? &*intent : nullptr, work_.tables);
    StoredHold stored;
    stored.hold.subject = subject;
    stored.hold.reason = reason;
    stored.hold.reviewer = author.reviewer;
    stored.hold.way = author.way;
    stored.hold.since = work_.moment.now;
    stored.since = work_.moment.text;
    work_.tables.holds.insert(stored);
    audit_.hold(stored.hold, AuditEvent::held, request ? request->request.tool_name : intent->tool_name, author);
    return std::move(stored.hold);
}

AuditHold HoldControl::release(const std::string& subject, const Author& author) {
    auto stored = work_.tables.holds.find(subject);
    if (!stored) throw DecisionError(ErrorCode::not_found, "there is no hold on " + subject);
    AuditHold& hold = stored->hold;
    if (!hold.in_force()) {
        if (hold.ended_by == author.reviewer && hold.ended_way == author.way) return hold;
        throw released_before(hold);
    }
    hold.ended_at = work_.moment.now;
    hold.ended_by = author.reviewer;
    hold.ended_way = author.way;
    stored->ended_at = work_.moment.text;
    work_.tables.holds.end(*stored);
    audit_.hold(hold, AuditEvent::released, "", author);
    return hold;
}

void check_hold(const std::string& reason) {
    check_note(reason);
    if (reason.find_first_not_of(" \t\r\n") != std::string::npos) return;
    throw Error(ErrorCode::invalid_option, "a hold needs a reason, which goes into the record");
}

std::string misfit_of_hold(const StoredHold& stored, Entries& entries) {
    const AuditHold& hold = stored.hold;
    bool is_told = false;
    bool is_ended = false;
    entries.each_of(hold.subject, [&](std::int64_t, const AuditRecord& record) {
        is_told = is_told || (record.event == AuditEvent::held && record.timestamp == stored.since &&
                              record.notes.value_or("") == json::exportable_text(hold.reason) &&
                              is_by(record, hold.reviewer, hold.way));
        is_ended = is_ended || (record.event == AuditEvent::released && record.timestamp == stored.ended_at &&
                                is_by(record, hold.ended_by, hold.ended_way));
    });
    if (!is_told) return "no entry records it";
    if (!stored.ended_at.empty()) return is_ended ? "" : "it is said to be released, and no entry records that";
    const auto last_end = told(hold.subject, AuditEvent::released, entries);
    return last_end && last_end->timestamp > stored.since ? "an entry records that it was released" : "";
}

std::string misfit_of_hold_entry(const AuditRecord& entry, Holds& holds) {
    if (entry.event != AuditEvent::held && entry.event != AuditEvent::released) return "";
    return holds.find(entry.request_id) ? "" : "the hold that it records is gone";
}

}  // namespace approvekit::record
