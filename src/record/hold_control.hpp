#pragma once

#include "record/audit_writer.hpp"
#include "record/unit_of_work.hpp"

#include <string>

namespace approvekit::record {

/// Puts and ends holds, within one transaction.
class HoldControl {
public:
    explicit HoldControl(UnitOfWork& work) : work_(work), audit_(work) {}

    /// One that is in force stays as it is. Throws DecisionError (not_found) where neither a request nor a call that was
    /// allowed without one has that id, and StorageError (storage_busy) where an archive has it, or may have a call of its
    /// time, and is about to remove that.
    AuditHold hold(const std::string& subject, const std::string& reason, const Author& author);
    /// The same person's ending it again changes nothing. Throws DecisionError: not_found, already_decided.
    AuditHold release(const std::string& subject, const Author& author);

private:
    UnitOfWork& work_;
    AuditWriter audit_;
};

/// Throws Error (invalid_option) for no reason, and for one that is no note.
void check_hold(const std::string& reason);

/// What is wrong with a hold, or with an entry that tells of one; an empty text: nothing.
[[nodiscard]] std::string misfit_of_hold(const StoredHold& stored, Entries& entries);
[[nodiscard]] std::string misfit_of_hold_entry(const AuditRecord& entry, Holds& holds);

}  // namespace approvekit::record
