#pragma once

#include "record/audit_chain.hpp"
#include "record/rows.hpp"

#include <string>

namespace approvekit::record {

/// What of a stored decision is not as `entry` tells of it; empty: nothing. `may_wait`: it is a vote, and need not have
/// decided.
[[nodiscard]] std::string misfit_with_entry(const StoredDecision& stored, const AuditRecord& entry, bool may_wait);

/// What of the text that was signed is not what the decision says; empty: nothing, or it is not signed.
[[nodiscard]] std::string misfit_with_statement(const Decision& decision);

}  // namespace approvekit::record
