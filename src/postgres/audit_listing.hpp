#pragma once

#include <string>

namespace approvekit::postgres {

/// The entries that `where` gives, in the columns of record::EntryColumn.
[[nodiscard]] std::string entry_listing(const std::string& where);
/// The same, and what is wrong with how each is stored.
[[nodiscard]] std::string checked_entry_listing(const std::string& where);
/// The page of entries in the places that `where` gives, in that order ("" or " DESC"), with $2 rows at most; `whole`: what
/// the chain covers comes whole however large it is.
[[nodiscard]] std::string entry_page_listing(const std::string& where, const std::string& direction, bool whole);

}  // namespace approvekit::postgres
