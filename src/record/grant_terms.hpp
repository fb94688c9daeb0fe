#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"

#include <optional>
#include <string>

/// What a reviewer grants beside an approval (G17): how many calls more, until when, and in what they may differ from the
/// one that was approved. A grant speaks of what was shown, or of what the reviewer edited of it.
///
/// On record it is part of the entry that tells of its decision, as edits are.
namespace approvekit::record {

/// Whether anything may be granted with the approval of a request that has this metadata.
[[nodiscard]] bool has_grants(const Json& metadata);
/// What may be granted at most; nothing where nothing may be, or where it is not as a rule says it.
[[nodiscard]] std::optional<PolicyGrants> grants_in(const Json& metadata);

/// Why what `decision` grants with the approval of `request` may not be granted at `given`; nothing: it may, or it grants
/// nothing. Never makes less of it.
[[nodiscard]] std::optional<std::string> objection_to_grant(const ApprovalRequest& request, const Decision& decision,
                                                            Time given);

/// The arguments as `decision` approves them.
[[nodiscard]] Json approved_arguments(const ApprovalRequest& request, const Decision& decision);

/// What a signature covers of a grant.
[[nodiscard]] std::string digest_of_grant(const GrantTerms& terms);

/// What the entry of a decision says of a grant; nothing where it says none. One that cannot be understood is of no use.
[[nodiscard]] std::optional<GrantTerms> grant_in(const AuditRecord& entry);

/// What is wrong with what the entry of a decision says of a grant, held against what was signed; empty: nothing.
[[nodiscard]] std::string misfit_of_grant(const Decision& decision, const AuditRecord& entry);

}  // namespace approvekit::record
