#include "record/audit_writer.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/limit_use.hpp"
#include "approvekit/metadata_keys.hpp"
#include "record/archive_check.hpp"
#include "record/edits.hpp"
#include "record/request_story.hpp"
#include "record/ways.hpp"

#include "json/json_view.hpp"

#include <utility>

namespace approvekit::record {

namespace {

void tell(AuditRecord& record, const SubmittedView& submitted) {
    record.tool_name = submitted.tool_name;
    record.tool_args = json::exportable_json(submitted.tool_args);
    record.metadata = json::exportable_json(submitted.metadata);
}

/// The agent's own copy of what it submitted is trusted more than the row.
void tell_submitted(AuditRecord& record, const ApprovalRequest* submitted) {
    if (submitted == nullptr) return;
    tell(record, {submitted->tool_name, submitted->tool_args, submitted->created_at, submitted->metadata});
    record.view = submitted->view_digest;
}

void tell_edits(Json& metadata, const ApprovalRequest& request, const Json& edits) {
    metadata[edited_key] = edits_metadata(request, edits);
    const auto limit = metadata.find(limit_key);
    if (limit == metadata.end()) return;
    *limit = to_json_view_of_edited(*limit, with_edits(request.tool_args, edits), metadata.value(context_key, Json()));
}

/// Adds the details of a decision besides its verdict.
void tell_given(Json& metadata, const ApprovalRequest& request, const Decision& given) {
    if (!given.edits.is_null()) tell_edits(metadata, request, given.edits);
    if (given.grant) metadata[granted_key] = to_json_view(*given.grant);
    if (!given.answer.is_null()) metadata[answer_key] = given.answer;
    // A request of another program keeps its metadata unchanged, since it is compared with its entry.
    const bool is_told = given.verdict == Verdict::approve && given.shown != Shown::not_recorded && request.ours;
    if (is_told && metadata.is_object()) metadata[shown_key] = to_string(given.shown);
}

}  // namespace

std::string AuditWriter::decision(const StoredRequest& stored, AuditEvent event, const Author& author,
                                  const std::optional<std::string>& notes, const Decision* given) {
    AuditRecord record = record_on(stored, event, author, notes);
    record.tool_name = stored.request.tool_name;
    record.tool_args = json::exportable_json(stored.request.tool_args);
    Json metadata = stored.request.metadata;
    if (given != nullptr) tell_given(metadata, stored.request, *given);
    record.metadata = json::exportable_json(metadata);
    return append(std::move(record));
}

void AuditWriter::ending(const StoredRequest& stored, AuditEvent event, const Author& author,
                         const std::optional<std::string>& notes, const ApprovalRequest* submitted) {
    AuditRecord record = record_on(stored, event, author, notes);
    tell_submitted(record, submitted);
    append(std::move(record));
}

AuditRecord AuditWriter::record_on(const StoredRequest& stored, AuditEvent event, const Author& author,
                                   const std::optional<std::string>& notes) const {
    AuditRecord record = begun(stored.request.id, event, author);
    record.notes = notes;
    tell(record, stored.request.submitted.value_or(SubmittedView{stored.request.tool_name, stored.request.tool_args,
                                                                 stored.request.created_at, stored.request.metadata}));
    record.is_signed = author.is_signed;
    if (stored.request.ours) record.view = stored.request.view_digest;
    return record;
}

AuditRecord AuditWriter::begun(std::string_view subject, AuditEvent event, const Author& author) const {
    AuditRecord record;
    record.entry_id = random_uuid();
    record.request_id = subject;
    record.event = event;
    record.timestamp = work_.moment.text;
    record.reviewer = author.reviewer;
    record.way = author.way;
    record.session = work_.session;
    return record;
}

void AuditWriter::removed(const std::string& id, const std::string& reason, const char* way,
                          const ApprovalRequest* submitted) {
    AuditRecord record = begun(id, AuditEvent::refused, {"", way});
    record.notes = reason;
    if (const auto kept = work_.tables.bindings.submitted(id)) tell(record, *kept);
    tell_submitted(record, submitted);
    append(std::move(record));
}

std::string AuditWriter::intent(const Intent& intent, AuditEvent event) {
    const bool is_granted = intent.grant != nullptr && event == AuditEvent::approved;
    return append(record_of(intent, event,
                            is_granted ? Author{intent.grant->reviewer, way::grant} : Author{"policy", way::policy}));
}

void AuditWriter::refusal(const Intent& call) {
    append(record_of(call, AuditEvent::refused, {"", way::agent}));
}

AuditRecord AuditWriter::record_of(const Intent& intent, AuditEvent event, const Author& author) const {
    AuditRecord record = begun(auto_request_id, event, author);
    record.tool_name = intent.tool_name;
    record.tool_args = intent.tool_args;
    record.notes = std::string(intent.notes);
    record.metadata = intent.metadata;
    return record;
}

void AuditWriter::stop(const Stop& stop, AuditEvent event, const Author& author) {
    AuditRecord record = begun(stop.id, event, author);
    record.tool_name = stop.tool;
    if (event == AuditEvent::stopped) record.notes = stop.reason;
    record.metadata = stop_metadata(stop);
    append(std::move(record));
}

void AuditWriter::revocation(const StoredGrant& grant, const Author& author) {
    AuditRecord record = begun(grant.id, AuditEvent::revoked, author);
    record.tool_name = grant.tool_name;
    record.metadata = json::exportable_json({{"agent", grant.agent}});
    append(std::move(record));
}

void AuditWriter::hold(const AuditHold& hold, AuditEvent event, const std::string& tool_name, const Author& author) {
    AuditRecord record = begun(hold.subject, event, author);
    record.tool_name = tool_name;
    if (event == AuditEvent::held) record.notes = hold.reason;
    append(std::move(record));
}

void AuditWriter::archive(const ArchiveAnchor& anchor, const Author& author) {
    AuditRecord record = begun(anchor.id, AuditEvent::archived, author);
    record.metadata = archive_metadata(anchor);
    record.is_signed = author.is_signed;
    append(std::move(record));
}

void AuditWriter::outcome(const RunOutcome& outcome, AuditEvent event, const char* way) {
    AuditRecord record = begun(outcome.request_id, event, {"", way});
    record.tool_name = outcome.tool_name;
    if (!outcome.note.empty()) record.notes = outcome.note;
    record.follows = outcome.entry_id;
    if (!outcome.grant.empty()) record.metadata = json::exportable_json({{grant_key, {{"id", outcome.grant}}}});
    if (outcome.request_id != auto_request_id) {
        const auto run = work_.tables.bindings.run_of(outcome.request_id);
        record.metadata = run ? run_metadata(run->started_at, run->has_row) : run_metadata("");
    }
    append(std::move(record));
}

void AuditWriter::unstarted(const UnstartedCall& call) {
    const RunOutcome none{.entry_id = call.entry_id,
                          .request_id = call.request_id,
                          .tool_name = call.tool_name,
                          .state = RunState::none,
                          .note = call.reason,
                          .grant = call.grant};
    outcome(none, AuditEvent::refused, way::agent);
}

std::string stop_metadata(const Stop& stop) {
    return json::exportable_json({{"agent", stop.agent}});
}

std::string AuditWriter::append(AuditRecord record) {
    make_exportable(record);
    work_.tables.entries.append(record);
    return std::move(record.entry_id);
}

}  // namespace approvekit::record
