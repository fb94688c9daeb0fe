#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/storage.hpp"

#include <cstdint>
#include <functional>

namespace approvekit {

/// Copies the whole record from `from` into the empty record `to`: every row, so the chain stays the same. The two may
/// use different engines. Both are checked as Storage::verify_audit does; returns the report. `progress` is called with
/// the number of rows copied so far.
///
/// The copy is a snapshot of one moment. Stop all programs that use the record first, since what they write later is
/// not in the copy. Throws StorageError: storage_busy when an agent has `from` open, foreign_database when `to` is not
/// empty, and storage_corrupt when `from` is not as it was written or the copy would not be (texts that the other
/// engine cannot store). Nothing is copied then.
AuditReport copy_record(Storage& from, Storage& to, const std::function<void(std::int64_t)>& progress = {});

}  // namespace approvekit
