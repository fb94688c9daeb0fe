#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/request.hpp"
#include "approvekit/signer.hpp"

namespace approvekit {

/// Says beforehand what the agent would say after: throws DecisionError (untrusted_decision), with what to do about it, when
/// only an approval by other signers than `signer` (null: nobody signs) counts for `request`.
void require_accepted_signer(const ApprovalRequest& request, const Signer* signer);

/// Has `signer` vouch for `decision` on `request`, of which the reviewer saw the view that the decision names.
///
/// Throws DecisionError (altered) when the request shows another one by now, and Error (invalid_option) when an
/// approval names none: a signature says what was seen.
void sign(Decision& decision, const ApprovalRequest& request, const Signer& signer);

}  // namespace approvekit
