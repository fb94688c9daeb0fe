#include "record/decision_misfit.hpp"

#include "approvekit/decision_statement.hpp"
#include "approvekit/digest.hpp"
#include "json/json_view.hpp"
#include "record/endings.hpp"

namespace approvekit::record {

std::string misfit_with_entry(const StoredDecision& stored, const AuditRecord& entry, bool may_wait) {
    const Decision& decision = stored.decision;
    const bool approves = decision.verdict == Verdict::approve;
    const bool waits = may_wait && approves && entry.event == AuditEvent::voted;
    if (!waits && entry.event != event_of(status_of(decision.verdict))) {
        return "its verdict is another one";
    }
    if (json::exportable_text(decision.reviewer) != entry.reviewer) return "its reviewer is another one";
    if (json::exportable_text(decision.way) != entry.way) return "its way is another one";
    if (json::exportable_text(decision.notes) != entry.notes.value_or("")) return "its notes are others";
    if (stored.decided_at != entry.timestamp) return "its time is another one";
    if (decision.signature.has_value() != entry.is_signed) return "its signature was put in or removed";
    const bool names_view = decision.verdict != Verdict::reject && !decision.view_digest.empty() && !entry.view.empty();
    if (names_view && decision.view_digest != entry.view) return "what its reviewer saw is something else";
    return "";
}

std::string misfit_with_statement(const Decision& decision) {
    if (!decision.signature) return "";
    const auto statement = DecisionStatement::parse(decision.signature->statement);
    if (!statement) return "what was signed is not a decision";
    const bool fits = statement->request_id == decision.request_id && statement->verdict == decision.verdict &&
                      statement->reviewer == decision.reviewer &&
                      statement->notes_digest == to_hex(digest_of(decision.notes)) &&
                      (decision.view_digest.empty() || statement->view_digest == decision.view_digest);
    return fits ? "" : "it is not the decision that was signed";
}

}  // namespace approvekit::record
