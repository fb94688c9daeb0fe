#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/request.hpp"
#include "approvekit/signer.hpp"
#include "record/audit_chain.hpp"
#include "record/rows.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

/// Throws Error (invalid_option) for a note that no decision may carry: over maximum_note_bytes, with a NUL, not UTF-8.
void check_note(std::string_view note);

/// Says beforehand what the agent would say after: why an approval by `reviewer`, signed by the key with that short name
/// (empty: by none), does not count for `request`, and what to do about it. Nothing where it counts.
[[nodiscard]] std::optional<std::string> objection_to_signer(const ApprovalRequest& request, std::string_view reviewer,
                                                             std::string_view key_id);

/// Throws DecisionError (untrusted_decision) with that objection to an approval by `signer`.
void require_accepted_signer(const ApprovalRequest& request, const Signer& signer);

/// Has `signer` vouch for `decision` on `request`, of which the reviewer saw the view that the decision names.
///
/// Throws DecisionError (altered) when the request shows another one by now, and Error (invalid_option) when an
/// approval names none: a signature says what was seen. Throws DecisionError (invalid_edit) for edits that the request does
/// not allow, and (invalid_answer) for such an answer.
void sign(Decision& decision, const ApprovalRequest& request, const Signer& signer);

/// What of a stored decision is not as `entry` tells of it; empty: nothing. `may_wait`: it is a vote, and need not have
/// decided.
[[nodiscard]] std::string misfit_with_entry(const StoredDecision& stored, const AuditRecord& entry, bool may_wait);

/// What of the text that was signed is not what the decision says; empty: nothing, or it is not signed.
[[nodiscard]] std::string misfit_with_statement(const Decision& decision);

}  // namespace approvekit::record
