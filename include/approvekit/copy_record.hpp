#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/storage.hpp"

#include <cstdint>
#include <functional>

namespace approvekit {

/// Copies the whole record of `from` into `to`, which is empty, whatever keeps the two: every row, and so the chain as it is.
/// Both are checked as Storage::verify_audit does; returns what that came to. `progress` is told the number of rows so far.
///
/// It is of one moment. Whatever uses the record is to be stopped before, since what it writes later is not in the copy.
/// Throws StorageError: storage_busy where an agent has `from` open, foreign_database where `to` is not empty, and
/// storage_corrupt where `from` is not as it was written, or the copy would not be (texts that the other engine cannot
/// keep). Nothing is copied then.
AuditReport copy_record(Storage& from, Storage& to, const std::function<void(std::int64_t)>& progress = {});

}  // namespace approvekit
