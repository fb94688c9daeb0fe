#pragma once

#include "record/audit_chain.hpp"
#include "record/tables.hpp"

#include <string>

namespace approvekit::record {

/// Holds what starts took of limits against the entries that tell of them. Each function gives what is wrong, or nothing.
class UseCheck {
public:
    /// Of an entry, in the order of the chain: an intent must have its row as long as that counts, which is given back
    /// where an entry says that the call did not start, and only there.
    [[nodiscard]] std::string misfit_of_entry(const AuditRecord& entry, Tables& tables);
    /// The same of a request of ours, whether its row is there or not.
    [[nodiscard]] static std::string misfit_of_request(const std::string& id, Tables& tables);
    /// Of a row: something must have started that took this, and it must follow from the one before it.
    [[nodiscard]] static std::string misfit_of_row(const StoredUse& use, Tables& tables);

private:
    bool met_any_ = false;  // no outcome before that is of a call under a limit
};

}  // namespace approvekit::record
