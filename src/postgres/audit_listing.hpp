#pragma once

#include <string>

namespace approvekit::postgres {

/// Returns SQL for the entries that `where` selects, with the columns of record::EntryColumn.
[[nodiscard]] std::string entry_listing(const std::string& where);
/// The same, and what is wrong with how each entry is stored.
[[nodiscard]] std::string checked_entry_listing(const std::string& where);
/// Returns SQL for a page of the entries that `where` selects, in that order ("" or " DESC"), with at most $2 rows.
/// With `whole`, everything that the chain covers is complete, however large it is.
[[nodiscard]] std::string entry_page_listing(const std::string& where, const std::string& direction, bool whole);

}  // namespace approvekit::postgres
