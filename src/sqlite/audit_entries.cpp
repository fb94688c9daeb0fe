// What each transition writes into the audit.
#include "sqlite/transitions.hpp"

#include "approvekit/digest.hpp"
#include "sqlite/request_story.hpp"

#include "json/exportable.hpp"

#include <utility>

namespace approvekit::sqlite {

namespace {

void tell(AuditRecord& record, const SubmittedView& submitted) {
    record.tool_name = submitted.tool_name;
    record.tool_args = exportable_json(submitted.tool_args);
    record.metadata = exportable_json(submitted.metadata);
}

/// The agent's own word for what it submitted is worth more than what stands in the file.
void tell_submitted(AuditRecord& record, const ApprovalRequest* submitted) {
    if (submitted == nullptr) return;
    tell(record, {submitted->tool_name, submitted->tool_args, submitted->created_at, submitted->metadata});
    record.view = submitted->view_digest;
}

}  // namespace

std::string Transitions::audit_decision(const StoredRequest& stored, AuditEvent event, const Author& author,
                                        const std::optional<std::string>& notes) {
    AuditRecord record = record_on(stored, event, author, notes);
    record.tool_name = stored.request.tool_name;
    record.tool_args = exportable_json(stored.request.tool_args);
    record.metadata = exportable_json(stored.request.metadata);
    return append(std::move(record));
}

void Transitions::audit_end(const StoredRequest& stored, AuditEvent event, const Author& author,
                            const std::optional<std::string>& notes, const ApprovalRequest* submitted) {
    AuditRecord record = record_on(stored, event, author, notes);
    tell_submitted(record, submitted);
    append(std::move(record));
}

AuditRecord Transitions::record_on(const StoredRequest& stored, AuditEvent event, const Author& author,
                                   const std::optional<std::string>& notes) const {
    AuditRecord record;
    record.entry_id = random_uuid();
    record.request_id = stored.request.id;
    record.event = event;
    record.timestamp = moment_.text;
    record.notes = notes;
    tell(record, stored.request.submitted.value_or(SubmittedView{stored.request.tool_name, stored.request.tool_args,
                                                                 stored.request.created_at, stored.request.metadata}));
    record.reviewer = author.reviewer;
    record.way = author.way;
    record.is_signed = author.is_signed;
    if (stored.request.ours) record.view = stored.request.view_digest;
    record.session = writer_.session;
    return record;
}

void Transitions::abandon(const std::string& id, const std::string& reason, const char* way,
                          const ApprovalRequest* submitted) {
    AuditRecord record;
    record.entry_id = random_uuid();
    record.request_id = id;
    record.event = AuditEvent::refused;
    record.timestamp = moment_.text;
    record.notes = reason;
    record.way = way;
    record.session = writer_.session;
    if (const auto kept = tables_.holds.submitted(id)) tell(record, *kept);
    tell_submitted(record, submitted);
    append(std::move(record));
    tables_.holds.close(id, RunState::none, reason, moment_.text);
}

std::string Transitions::audit_intent(const Intent& intent, AuditEvent event) {
    AuditRecord record;
    record.entry_id = random_uuid();
    record.request_id = auto_request_id;
    record.event = event;
    record.tool_name = intent.tool_name;
    record.tool_args = intent.tool_args;
    record.timestamp = moment_.text;
    record.notes = std::string(intent.notes);
    record.metadata = intent.metadata;
    record.reviewer = "policy";
    record.way = "policy";
    record.session = writer_.session;
    return append(std::move(record));
}

void Transitions::audit_outcome(const RunOutcome& outcome, AuditEvent event, const std::string& way) {
    AuditRecord record;
    record.entry_id = random_uuid();
    record.request_id = outcome.request_id;
    record.event = event;
    record.tool_name = outcome.tool_name;
    record.timestamp = moment_.text;
    if (!outcome.note.empty()) record.notes = outcome.note;
    record.way = way;
    record.follows = outcome.entry_id;
    if (outcome.request_id != auto_request_id) {
        record.metadata = run_metadata(tables_.holds.started_at(outcome.request_id));
    }
    record.session = writer_.session;
    append(std::move(record));
}

std::string Transitions::append(AuditRecord record) {
    make_exportable(record);
    if (!head_) head_ = tables_.audit.head();
    tables_.audit.append(record, *head_);
    return std::move(record.entry_id);
}

}  // namespace approvekit::sqlite
