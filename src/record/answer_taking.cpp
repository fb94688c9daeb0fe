#include "approvekit/error.hpp"
#include "record/answers.hpp"
#include "record/decision_check.hpp"
#include "record/edits.hpp"
#include "record/shown_view.hpp"
#include "record/transitions.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::record {

namespace {

/// The agent takes it from the record as it takes an approval: nothing of it is believed that does not fit.
std::optional<std::string> distrust_of_answer(const ApprovalRequest& submitted, StoredDecision& stored,
                                              const Tables& tables, Time now, const DecisionCheck& verify) {
    const Decision& decision = stored.decision;
    if (decision.verdict != Verdict::answer) return "the decision beside it is no answer";
    const auto entry = tables.entries.find(submitted.id, stored.entry_id);
    if (!entry || !tell_answer(stored, tables.entries)) return "no entry of the record tells of it";
    if (std::string misfit = misfit_with_entry(stored, *entry, false); !misfit.empty()) return misfit;
    if (const auto objection = objection_to_answer(submitted, decision.answer)) return objection;
    const auto quorum = submitted.quorum();
    const auto decided_at = parse_time(stored.decided_at);
    if (quorum &&
        !(decided_at && quorum->entitles(decision.reviewer, submitted.created_at, std::min(*decided_at, now))))
        return decision.reviewer + " has no vote on it";
    return verify ? verify(decision) : std::nullopt;
}

}  // namespace

Result<Start> Transitions::take_answer(StoredRequest& stored, const Claim& claim) {
    const ApprovalRequest& request = stored.request;
    const auto refuse = [&](const std::string& reason, std::exception_ptr refusal) -> Result<Start> {
        endings_.refuse(stored, text::shortened(reason, maximum_outcome_note_bytes), claim.submitted);
        return {{}, std::move(refusal)};
    };
    if (request.status != ApprovalStatus::answered) {  // whoever asks for an answer starts nothing
        return {{}, std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id, "nobody answered it"))};
    }
    if (stored.is_open) {
        endings_.adopt_foreign_decision(stored);
        return {{},
                std::make_exception_ptr(ApprovalCancelledError(
                    request.tool_name, request.id, "another program wrote into its row that it was answered"))};
    }
    auto decision = work_.tables.decisions.find(request.id);
    if (!request.ours || request.view_digest != claim.view_digest || !shows(request, claim.view_digest) || !decision) {
        return refuse("altered: the stored request is not the one that was submitted",
                      std::make_exception_ptr(RequestAlteredError(request.tool_name, request.id)));
    }
    const ApprovalRequest& submitted = claim.submitted != nullptr ? *claim.submitted : request;
    if (const auto reason = distrust_of_answer(submitted, *decision, work_.tables, work_.moment.now, claim.verify)) {
        return refuse("untrusted answer: " + *reason,
                      std::make_exception_ptr(UntrustedDecisionError(request.tool_name, request.id, *reason)));
    }
    try {
        claim.take_answer(decision->decision);
    } catch (const RefusedError& refusal) {
        return refuse(refusal.what(), std::current_exception());
    }
    return {{decision->entry_id, ""}, nullptr};
}

}  // namespace approvekit::record
