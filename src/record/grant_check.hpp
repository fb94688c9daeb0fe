#pragma once

#include "record/audit_chain.hpp"
#include "record/tables.hpp"

#include <string>
#include <unordered_set>

namespace approvekit::record {

/// Holds grants and their uses against the entries that tell of them. Each function gives what is wrong, or nothing.
class GrantCheck {
public:
    /// Of an entry, in the order of the chain: what it grants, uses or revokes must have its row, and nothing may have
    /// started by a grant that was revoked before.
    [[nodiscard]] std::string misfit_of_entry(const AuditRecord& entry, Tables& tables);
    /// Of a grant: an entry must have given it so, and have revoked it where it says so.
    [[nodiscard]] static std::string misfit_of_row(const StoredGrant& stored, Tables& tables);
    /// Of a use: an intent must tell of it, and it must stand behind the one before it, within what was granted.
    [[nodiscard]] static std::string misfit_of_use(const StoredGrantUse& use, Tables& tables);

private:
    [[nodiscard]] std::string misfit_of_intent(const AuditRecord& intent, Grants& grants) const;

    std::unordered_set<std::string> revoked_;  // by the entries so far
};

}  // namespace approvekit::record
