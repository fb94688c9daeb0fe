#include "record/request_story.hpp"

#include "approvekit/metadata_keys.hpp"
#include "approvekit/quorum.hpp"
#include "json/json_view.hpp"
#include "record/audit_writer.hpp"
#include "record/shown_view.hpp"
#include "record/ways.hpp"

#include <utility>

namespace approvekit::record {
namespace {

bool settles(AuditEvent event) noexcept {
    return parse_approval_status(to_string(event)).has_value();
}

bool ends_run(AuditEvent event) noexcept {
    return parse_run_state(to_string(event)).has_value();
}

std::string at(std::int64_t sequence) {
    return "entry " + std::to_string(sequence);
}

ApprovalRequest in_words_of(ApprovalRequest request, const SubmittedView& copy) {
    request.tool_name = copy.tool_name;
    request.tool_args = copy.tool_args;
    request.created_at = copy.created_at;
    request.metadata = copy.metadata;
    return request;
}

}  // namespace

std::string run_metadata(const std::string& started_at, bool has_row) {
    Json told = Json::object();
    if (!started_at.empty()) told["started_at"] = started_at;
    if (!has_row) told["row_removed"] = true;
    return told.dump();
}

bool tells_of_removed_row(const AuditRecord& record) {
    if (!ends_run(record.event)) return record.notes.value_or("").ends_with(row_gone_reason);
    const Json told = Json::parse(record.metadata, nullptr, false);
    return told.is_object() && told.value("row_removed", Json()) == true;
}

void RequestStory::follow(std::int64_t sequence, const AuditRecord& record) {
    if (settles(record.event) && !settlement_) settlement_ = Told{sequence, record};
    if (ends_run(record.event)) run_ = Told{sequence, record};
    if (!record.view.empty() && !view_) view_ = Told{sequence, record};
    if (!record.view.empty() && record.view != view_->record.view && other_view_at_ == 0) other_view_at_ = sequence;
    is_refused_ = is_refused_ || record.event == AuditEvent::refused;
    is_closed_ = is_closed_ || tells_of_close(record);
}

bool RequestStory::tells_of_close(const AuditRecord& record) const {
    const bool goes_on = record.event == AuditEvent::resumed || record.event == AuditEvent::voted ||
                         record.event == AuditEvent::revoked || record.event == AuditEvent::held ||
                         record.event == AuditEvent::released;
    if (stored_.finished_at != record.timestamp || goes_on) return false;
    const std::string& note = stored_.request.run_note;
    // The words of a reviewer or of another program are kept beside the status, and not here again.
    const bool is_said = record.event == AuditEvent::rejected || record.event == AuditEvent::answered;
    const bool has_no_note = is_said || record.way == way::database;
    return json::exportable_text(note) == record.notes.value_or("") || (note.empty() && has_no_note);
}

std::string RequestStory::misfit() const {
    for (const auto& part :
         {&RequestStory::misfit_of_state, &RequestStory::misfit_of_view, &RequestStory::misfit_of_run}) {
        if (std::string what = (this->*part)(); !what.empty()) return what;
    }
    return "";
}

std::string RequestStory::misfit_of_state() const {
    if (!settlement_) return misfit_of_unsettled();
    const ApprovalRequest& request = stored_.request;
    const AuditRecord& told = settlement_->record;
    const std::string place = at(settlement_->sequence);
    const auto status = parse_approval_status(to_string(told.event));
    const bool is_decision = status && verdict_of(*status);
    if (stored_.status_text != to_string(told.event)) {
        return "its status is not the one of " + place + ", " + std::string(to_string(told.event));
    }
    if (json::exportable_text(request.reviewer_notes.value_or("")) != told.notes.value_or("")) {
        return "its notes are not those of " + place;
    }
    // Another program wrote its own time, while the entry has the time when that was noticed.
    if (told.way != way::database && stored_.reviewed_at != told.timestamp) return "its time is not that of " + place;
    if (stored_.decision_entry != (is_decision ? told.entry_id : "")) return "its decision is not the one of " + place;
    const bool same = request.ours || (json::exportable_text(request.tool_name) == told.tool_name &&
                                       json::exportable_json(request.tool_args) == told.tool_args &&
                                       json::exportable_json(request.metadata) == told.metadata);
    return same ? "" : "it shows something else than " + place;
}

std::string RequestStory::misfit_of_unsettled() const {
    if (!stored_.decision_entry.empty()) return "there is a decision beside it, and no entry records it";
    // A decision that another program wrote gets its entry only when it is noticed.
    const bool is_undecided = stored_.request.ours && stored_.status_text == to_string(ApprovalStatus::pending);
    if (is_undecided && stored_.request.reviewer_notes) return "it has notes, and no entry records a decision";
    if (is_undecided && !stored_.reviewed_at.empty()) return "it has a time of review, and no entry records a decision";
    return stored_.request.ours && !stored_.is_open ? "it has ended, and no entry records how" : "";
}

std::string RequestStory::misfit_of_view() const {
    const ApprovalRequest& request = stored_.request;
    if (!request.ours) return view_ ? "what was kept beside it is gone" : "";
    if (other_view_at_ != 0) return at(other_view_at_) + " records another one than the entries before";
    if (view_ && view_->record.view != request.view_digest) return "it is not the one of " + at(view_->sequence);
    if (!shows(request, request.view_digest)) return "it shows something else than its agent submitted";
    if (stored_.copy && !shows(in_words_of(request, *stored_.copy), request.view_digest)) {
        return "what was kept of it as it was submitted is something else";
    }
    return "";
}

std::string RequestStory::misfit_of_run() const {
    if (!stored_.request.ours) return "";
    if (run_) {
        if (is_as_it_ended(run_->record)) return "";
        return "what is said of its run is not what " + at(run_->sequence) + " says";
    }
    if (stored_.request.run == RunState::running) return is_as_it_runs() ? "" : "it cannot be running";
    if (stored_.request.run != RunState::none) return "it is said to have run, and no entry records that";
    return is_as_it_was_left() ? "" : "how it was left is not what the entries say";
}

bool RequestStory::is_as_it_ended(const AuditRecord& ended) const {
    const ApprovalRequest& request = stored_.request;
    return !stored_.is_open && to_string(request.run) == to_string(ended.event) &&
           json::exportable_text(request.run_note) == ended.notes.value_or("") &&
           stored_.finished_at == ended.timestamp &&
           run_metadata(stored_.started_at.value_or(""), !tells_of_removed_row(ended)) == ended.metadata &&
           (ended.way != way::agent || ended.session == stored_.session);
}

bool RequestStory::is_as_it_runs() const {
    return stored_.is_open && is_approved() && stored_.started_at && !stored_.finished_at &&
           stored_.request.run_note.empty();
}

bool RequestStory::is_as_it_was_left() const {
    if (!stored_.is_open) return is_closed_ && (is_refused_ || !stored_.started_at);
    return (!settlement_ || is_approved()) && !stored_.started_at && !stored_.finished_at &&
           stored_.request.run_note.empty();
}

bool RequestStory::is_approved() const {
    return settlement_ && settlement_->record.event == AuditEvent::approved;
}

namespace {

/// On a request of ours with a quorum, a reviewer's decision is the vote that decided.
bool tells_of_vote(const AuditRecord& record) {
    if (record.event == AuditEvent::voted) return true;
    const auto status = parse_approval_status(to_string(record.event));
    if (!status || !verdict_of(*status)) return false;
    if (record.view.empty() || record.way == way::database || record.way == way::policy) return false;
    return record.metadata.find(quorum_key) != std::string::npos &&
           Quorum::in(Json::parse(record.metadata, nullptr, false)).has_value();
}

}  // namespace

void VoteCheck::follow(const AuditRecord& record) {
    if (!misfit_.empty() || !tells_of_vote(record)) return;
    if (!entries_) look();
    if (misfit_.empty() && !entries_->contains(record.entry_id))
        misfit_ = "the vote of " + record.reviewer + " is gone";
}

void VoteCheck::look() {
    entries_.emplace();
    std::set<std::pair<std::string, std::string>> told;
    for (StoredDecision& vote : votes_.of(request_id_)) {
        // A vote under another name does not fit its entry; the check of the votes themselves finds that.
        if (!told.insert({vote.entry_id, vote.decision.reviewer}).second) {
            misfit_ = "the vote of " + vote.decision.reviewer + " appears twice";
        }
        entries_->insert(std::move(vote.entry_id));
    }
}

}  // namespace approvekit::record
