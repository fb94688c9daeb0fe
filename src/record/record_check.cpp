#include "record/record_check.hpp"

#include "record/answers.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/grant_terms.hpp"
#include "record/hold_control.hpp"
#include "record/request_story.hpp"
#include "record/stop_control.hpp"

#include <string>

namespace approvekit::record {

namespace {

/// `may_wait`: it is a vote, which need not have decided.
std::string misfit_of(const StoredDecision& stored, const AuditRecord& entry, bool may_wait = false) {
    std::string what = misfit_with_entry(stored, entry, may_wait);
    if (what.empty()) what = misfit_with_statement(stored.decision);
    if (what.empty()) what = misfit_of_edits(stored.decision, entry);
    if (what.empty()) what = misfit_of_grant(stored.decision, entry);
    return what.empty() ? misfit_of_answer(stored.decision, entry) : what;
}

}  // namespace

bool RecordCheck::some(Tables& tables) {
    bool goes_on = false;
    switch (part_) {
        case Part::entries:
            goes_on = check_entries(tables);
            break;
        case Part::requests:
            goes_on = check_requests(tables);
            break;
        case Part::removed_requests:
            goes_on = check_removed_requests(tables);
            break;
        case Part::decisions:
            goes_on = check_decisions(tables);
            break;
        case Part::stops:
            goes_on = check_stops(tables);
            break;
        case Part::votes:
            goes_on = check_votes(tables);
            break;
        case Part::uses:
            goes_on = check_uses(tables);
            break;
        case Part::grants:
            goes_on = check_grants(tables);
            break;
        case Part::grant_uses:
            goes_on = check_grant_uses(tables);
            break;
        case Part::holds:
            goes_on = check_holds(tables);
            break;
        case Part::archives:
            goes_on = check_archives(tables);
            break;
        case Part::nothing:
            return false;
    }
    if (!chain_.is_intact()) return false;
    if (!goes_on) {
        part_ = static_cast<Part>(static_cast<int>(part_) + 1);
        from_ = std::numeric_limits<std::int64_t>::min();
    }
    return part_ != Part::nothing;
}

void RecordCheck::begin(Tables& tables) {
    const auto last = tables.archives.last();
    archive_ = last ? last->id : "";
}

bool RecordCheck::check_entries(Tables& tables) {
    if (!archive_) begin(tables);
    const ChainStart start = tables.archives.start();
    const auto last = tables.archives.last();
    tables.entries.look_up_to(end_);
    const bool goes_on = tables.entries.each_of_stretch(
        from_, [&](const Entries::Placed& entry) { return check_entry(tables, entry, start, last ? last->place : 0); });
    if (goes_on || !chain_.is_intact()) return goes_on;
    if (const auto place = tables.entries.lane_without_entry()) {
        chain_.stop(*place, "", "its lane is stored, and it is not there");
        return false;
    }
    chain_.begin_behind(start);
    return check_kept(last);
}

bool RecordCheck::check_kept(const std::optional<ArchiveAnchor>& last) {
    const bool is_comparable = last && archive_ == last->id;
    if (!is_comparable || kept_.finish() == last->kept) return false;
    return fault(last->id,
                 "of the archive with that id: the entries that it left in the record are not those that are there");
}

bool RecordCheck::check_entry(Tables& tables, const Entries::Placed& entry, const ChainStart& start,
                              std::int64_t archived) {
    const auto kept = entry.sequence <= archived ? tables.archives.kept(entry.sequence) : std::nullopt;
    const bool is_left = start.place > 0 && entry.sequence <= start.place;
    std::string fault = entry.fault;
    if (is_left && !kept) fault = "it is in an archive, but is still in the record";
    // Of what is about to be removed the other rows may be gone already.
    const bool stays = kept ? !kept->leaves : entry.sequence > archived;
    if (kept && stays) kept_.add(entry.sequence, entry.hash);
    if (fault.empty() && stays && !entry.hash.empty()) fault = objection_to(tables, entry.sequence, entry.record);
    if (is_left) {
        return chain_.follow_kept(entry.sequence, kept ? kept->before : "", entry.record, entry.hash, std::move(fault));
    }
    chain_.begin_behind(start);
    if (entry.hash.empty()) return chain_.pass_foreign(entry.sequence, entry.record.entry_id, std::move(fault));
    return chain_.follow(entry.sequence, entry.record, entry.hash, std::move(fault));
}

std::string RecordCheck::objection_to(Tables& tables, std::int64_t sequence, const AuditRecord& record) {
    if (std::string what = misfit_of_stop_entry(record, tables.stops); !what.empty()) return what;
    if (std::string what = misfit_of_hold_entry(record, tables.holds); !what.empty()) return what;
    if (std::string what = misfit_of_archive_entry(record, tables.archives); !what.empty()) return what;
    if (std::string what = uses_.misfit_of_entry(record, tables); !what.empty()) return what;
    if (std::string what = grants_.misfit_of_entry(record, tables); !what.empty()) return what;
    if (record.session == 0 || record.session == session_) return "";
    session_ = record.session;
    return tables.sessions.objection(record.session, sequence);
}

bool RecordCheck::check_requests(Tables& tables) {
    return tables.requests.each_of_stretch(from_, [&](const StoredRequest& stored, const std::string& misfit) {
        if (!misfit.empty()) return fault(stored.request.id, misfit);
        RequestStory story(stored);
        VoteCheck votes(tables.votes, stored.request.id);
        tables.entries.each_of(stored.request.id, [&](std::int64_t sequence, const AuditRecord& record) {
            story.follow(sequence, record);
            votes.follow(record);
        });
        const std::string of_state = story.misfit();
        std::string what = of_state.empty() ? votes.misfit() : of_state;
        if (what.empty()) what = UseCheck::misfit_of_request(stored.request.id, tables);
        return what.empty() || fault(stored.request.id, what);
    });
}

bool RecordCheck::check_removed_requests(Tables& tables) {
    for (const std::string& id : tables.bindings.orphans()) {
        bool is_told = false;
        VoteCheck votes(tables.votes, id);
        tables.entries.each_of(id, [&](std::int64_t, const AuditRecord& record) {
            is_told = is_told || tells_of_removed_row(record);
            votes.follow(record);
        });
        if (!is_told) return fault(id, "it is gone, and no entry records that");
        if (!votes.misfit().empty()) return fault(id, votes.misfit());
        if (const std::string what = UseCheck::misfit_of_request(id, tables); !what.empty()) return fault(id, what);
    }
    return false;
}

bool RecordCheck::check_decisions(Tables& tables) {
    return tables.decisions.each_of_stretch(from_, [&](const StoredDecision& stored, const std::string& misfit) {
        const std::string& id = stored.decision.request_id;
        if (!misfit.empty()) return fault(id, "of its decision: " + misfit);
        const auto entry = tables.entries.find(id, stored.entry_id);
        const std::string what = entry ? misfit_of(stored, *entry) : "no entry records it";
        return what.empty() || fault(id, "of its decision: " + what);
    });
}

bool RecordCheck::check_stops(Tables& tables) {
    return tables.stops.each_of_stretch(from_, [&](const StoredStop& stored, const std::string& misfit) {
        const std::string what = misfit.empty() ? misfit_of_stop(stored, tables.entries) : misfit;
        return what.empty() || fault(stored.stop.id, "of the stop with that id: " + what);
    });
}

bool RecordCheck::check_votes(Tables& tables) {
    return tables.votes.each_of_stretch(from_, [&](const StoredDecision& vote, const std::string& misfit) {
        const std::string& id = vote.decision.request_id;
        if (!misfit.empty()) return fault(id, "of a vote on it: " + misfit);
        const auto entry = tables.entries.find(id, vote.entry_id);
        const std::string what = entry ? misfit_of(vote, *entry, true) : "no entry records it";
        return what.empty() || fault(id, "of the vote of " + vote.decision.reviewer + ": " + what);
    });
}

bool RecordCheck::check_uses(Tables& tables) {
    return tables.uses.each_of_stretch(from_, [&](const StoredUse& stored, const std::string& misfit) {
        const std::string what = misfit.empty() ? uses_.misfit_of_row(stored, tables) : misfit;
        return what.empty() || fault(stored.start, "of what its start took of a limit: " + what);
    });
}

bool RecordCheck::check_grants(Tables& tables) {
    return tables.grants.each_of_stretch(from_, [&](const StoredGrant& stored, const std::string& misfit) {
        const std::string what = misfit.empty() ? GrantCheck::misfit_of_row(stored, tables) : misfit;
        return what.empty() || fault(stored.id, "of the grant with its approval: " + what);
    });
}

bool RecordCheck::check_grant_uses(Tables& tables) {
    return tables.grants.each_use_of_stretch(from_, [&](const StoredGrantUse& use, const std::string& misfit) {
        const std::string what = misfit.empty() ? GrantCheck::misfit_of_use(use, tables) : misfit;
        return what.empty() || fault(use.grant, "of a use of the grant with its approval: " + what);
    });
}

bool RecordCheck::check_holds(Tables& tables) {
    return tables.holds.each_of_stretch(from_, [&](const StoredHold& stored, const std::string& misfit) {
        const std::string what = misfit.empty() ? misfit_of_hold(stored, tables.entries) : misfit;
        return what.empty() || fault(stored.hold.subject, "of the hold on it: " + what);
    });
}

bool RecordCheck::check_archives(Tables& tables) {
    const auto misfit = misfit_of_archives(tables);
    return misfit && fault(misfit->id, "of the archive with that id: " + misfit->what);
}

bool RecordCheck::fault(const std::string& request_id, const std::string& what) {
    chain_.stop({.sequence = 0, .entry_id = {}, .what = what, .request_id = request_id});
    return false;
}

}  // namespace approvekit::record
