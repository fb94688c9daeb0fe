#pragma once

#include "approvekit/decision.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/request.hpp"
#include "record/audit_chain.hpp"

#include <optional>
#include <string>

/// The terms of a grant that a reviewer gives with an approval (G17): how many more calls, until when, and in which
/// arguments they may differ from the approved call. A grant refers to the shown arguments, with the reviewer's edits
/// if there are any.
///
/// On record it is part of its decision's entry, as edits are.
namespace approvekit::record {

/// Whether a grant may be given with the approval of a request that has this metadata.
[[nodiscard]] bool has_grants(const Json& metadata);
/// Returns the most that may be granted. Returns nothing if no grant may be given, or if the metadata is not in the
/// form that a rule gives it.
[[nodiscard]] std::optional<PolicyGrants> grants_in(const Json& metadata);

/// Returns why the grant of `decision` on `request` may not be given at `given`. Returns nothing if it may, or if there
/// is no grant. Never reduces the grant to make it fit.
[[nodiscard]] std::optional<std::string> objection_to_grant(const ApprovalRequest& request, const Decision& decision,
                                                            Time given);

/// Returns the decision with the end of its grant, if it has one that does not say when it ends: as long after `now` as
/// it lasts.
[[nodiscard]] Decision with_end_of_grant(Decision decision, Time now);

/// Returns the arguments that `decision` approves.
[[nodiscard]] Json approved_arguments(const ApprovalRequest& request, const Decision& decision);

/// Returns the digest of a grant that a signature covers.
[[nodiscard]] std::string digest_of_grant(const GrantTerms& terms);

/// Returns the grant that the entry of a decision tells of, or nothing if it tells of none. A grant that cannot be read
/// has no uses.
[[nodiscard]] std::optional<GrantTerms> grant_in(const AuditRecord& entry);

/// Returns how the grant in a decision's entry contradicts the entry itself or the signed statement. Empty if it does
/// not.
[[nodiscard]] std::string misfit_of_grant(const Decision& decision, const AuditRecord& entry);

}  // namespace approvekit::record
