#pragma once

#include "record/audit_chain.hpp"
#include "record/tables.hpp"

#include <string>
#include <unordered_set>

namespace approvekit::record {

/// Compares what starts took of limits with the entries about them. Each function returns what is wrong, or an empty
/// text.
class UseCheck {
public:
    /// Checks an entry, in the order of the chain: an intent must have its row as long as it counts. The row must be
    /// given back if an entry says that the call did not start, and only then.
    [[nodiscard]] std::string misfit_of_entry(const AuditRecord& entry, Tables& tables);
    /// The same for a request of ours, whether its row is there or not.
    [[nodiscard]] static std::string misfit_of_request(const std::string& id, Tables& tables);
    /// Checks a row, after all entries: something must have started that took this, and the row must follow from the
    /// one before it.
    [[nodiscard]] std::string misfit_of_row(const StoredUse& use, Tables& tables) const;

private:
    [[nodiscard]] std::string misfit_of_outcome(const AuditRecord& outcome, Uses& uses);
    [[nodiscard]] bool is_told_as_unstarted(const std::string& intent, Entries& entries) const;

    bool met_any_ = false;                       // an intent under a limit; no outcome before it can be of one
    std::unordered_set<std::string> unstarted_;  // intents that have a row, but did not start, as an entry says
};

}  // namespace approvekit::record
