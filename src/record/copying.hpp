#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

namespace approvekit::record {

/// Checks the record that `tables` show, and gives every row of it. Throws StorageError (storage_busy, storage_corrupt).
[[nodiscard]] AuditReport give_all_rows(Tables& tables, const RowTaker& take);

/// Puts every row that is given into a record that is empty, and checks that it is the one that was given. Throws
/// StorageError (foreign_database, storage_corrupt); the transaction is not to be committed then.
void take_all_rows(Tables& tables, const RowGiver& give);

}  // namespace approvekit::record
