#pragma once

#include "record/audit_chain.hpp"
#include "record/tables.hpp"

#include <string>
#include <unordered_set>

namespace approvekit::record {

/// Compares grants and their uses with the entries about them. Each function returns what is wrong, or an empty text.
class GrantCheck {
public:
    /// Checks an entry, in the order of the chain: the grant or the use that it tells of must have its row, and no call
    /// may have started by a grant that was revoked before.
    [[nodiscard]] std::string misfit_of_entry(const AuditRecord& entry, Tables& tables);
    /// Checks a grant: an entry must tell of it with the same terms, and of its revocation if there is one.
    [[nodiscard]] static std::string misfit_of_row(const StoredGrant& stored, Tables& tables);
    /// Checks a use: an intent must tell of it, and it must come after the use before it, within what was granted.
    [[nodiscard]] static std::string misfit_of_use(const StoredGrantUse& use, Tables& tables);

private:
    [[nodiscard]] std::string misfit_of_intent(const AuditRecord& intent, Grants& grants) const;

    std::unordered_set<std::string> revoked_;  // by the entries so far
};

}  // namespace approvekit::record
