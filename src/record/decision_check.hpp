#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/error.hpp"
#include "approvekit/request.hpp"
#include "approvekit/signer.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// Throws Error (invalid_option) for a note that no decision may have: longer than maximum_note_bytes, with a NUL, or
/// not UTF-8.
void check_note(std::string_view note);

/// Says in advance what the agent would say later. Returns why an approval by `reviewer`, signed with the key of that
/// short name (empty: not signed), does not count for `request`, and what to do about it. Returns nothing if it counts.
[[nodiscard]] std::optional<std::string> objection_to_signer(const ApprovalRequest& request, std::string_view reviewer,
                                                             std::string_view key_id);

/// Throws DecisionError (untrusted_decision) if there is such an objection to an approval by `signer`.
void require_accepted_signer(const ApprovalRequest& request, const Signer& signer);

/// Returns that `request` has changed since a reviewer looked at it.
[[nodiscard]] DecisionError changed_since_shown(const ApprovalRequest& request);

/// Signs `decision` on `request` with `signer`. The decision names the view that the reviewer saw.
///
/// Throws DecisionError (altered) if the request now shows another view. Throws Error (invalid_option) if a decision
/// other than a rejection names no view, since a signature says what was seen. Throws DecisionError (invalid_edit),
/// (invalid_grant) or (invalid_answer) if the request does not allow the edits, the grant or the answer.
void sign(Decision& decision, const ApprovalRequest& request, const Signer& signer);

/// Returns where a stored decision differs from `entry`, or an empty text. `may_wait`: the decision is a vote, which
/// need not have settled the request.
[[nodiscard]] std::string misfit_with_entry(const StoredDecision& stored, const AuditRecord& entry, bool may_wait);

/// Returns where the signed text differs from the decision. Empty if it does not differ, or if the decision is not
/// signed.
[[nodiscard]] std::string misfit_with_statement(const Decision& decision);

}  // namespace approvekit::record
