#include "record/vote_check.hpp"

#include "approvekit/metadata_keys.hpp"
#include "approvekit/quorum.hpp"
#include "record/ways.hpp"

#include <utility>

namespace approvekit::record {

namespace {

/// A decision of a reviewer on a request of ours that has a quorum is the vote that decided.
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
        // Under another name it does not fit its entry, which is for who looks at the votes.
        if (!told.insert({vote.entry_id, vote.decision.reviewer}).second) {
            misfit_ = "the vote of " + vote.decision.reviewer + " is there twice";
        }
        entries_->insert(std::move(vote.entry_id));
    }
}

}  // namespace approvekit::record
