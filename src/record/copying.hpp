#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

namespace approvekit::record {

/// Checks the record that `tables` show, and passes each of its rows to `take`. Throws StorageError (storage_busy,
/// storage_corrupt).
[[nodiscard]] AuditReport give_all_rows(Tables& tables, const RowTaker& take);

/// Inserts every row that `give` passes into an empty record, and checks that the result is the record that was passed.
/// Throws StorageError (foreign_database, storage_corrupt); then the transaction must not be committed.
void take_all_rows(Tables& tables, const RowGiver& give);

}  // namespace approvekit::record
