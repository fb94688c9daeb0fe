#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>

namespace approvekit::record {

/// Puts and ends holds within one transaction.
class HoldControl {
public:
    explicit HoldControl(UnitOfWork& work) : work_(work), audit_(work) {}

    /// Leaves a hold that is in force as it is. Throws DecisionError (not_found) if neither a request nor a call that
    /// was allowed without a request has that id. Throws StorageError (storage_busy) if an archive contains it, or may
    /// contain it because of the call's time, and is about to remove it.
    AuditHold hold(const std::string& subject, const std::string& reason, const Author& author);
    /// If the same person ends it again, nothing changes. Throws DecisionError: not_found, already_decided.
    AuditHold release(const std::string& subject, const Author& author);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// Throws Error (invalid_option) if the reason is empty or is not a valid note.
void check_hold(const std::string& reason);

/// Returns what is wrong with a hold, or with an entry about one, or an empty text.
[[nodiscard]] std::string misfit_of_hold(const StoredHold& stored, Entries& entries);
[[nodiscard]] std::string misfit_of_hold_entry(const AuditRecord& entry, Holds& holds);

}  // namespace approvekit::record
