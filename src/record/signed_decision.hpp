#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/request.hpp"
#include "approvekit/signer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

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

}  // namespace approvekit::record
