#pragma once

#include "approvekit/audit.hpp"
#include "postgres/rows.hpp"
#include "record/audit_chain.hpp"

#include <string>

namespace approvekit::postgres {

/// Whether an entry of that kind has its texts in audit_log, as the Python package knows it.
[[nodiscard]] bool is_in_base(AuditEvent event) noexcept;

/// The entries that `where` gives, in the columns that the functions below read. What stands in audit_log comes first:
/// that is what others read, so a copy beside it must not hide that it was edited.
[[nodiscard]] std::string entry_listing(const std::string& where);
/// The same, and what is wrong with how each is stored.
[[nodiscard]] std::string checked_entry_listing(const std::string& where);
/// The page of entries in the places that `where` gives, in that order ("" or " DESC"), with $2 rows at most; `whole`: what
/// the chain covers comes whole however large it is.
[[nodiscard]] std::string entry_page_listing(const std::string& where, const std::string& direction, bool whole);

[[nodiscard]] record::AuditRecord read_record(const Rows& rows);
[[nodiscard]] AuditEntry read_entry(const Rows& rows);
[[nodiscard]] std::int64_t sequence_of(const Rows& rows);
/// Its hash in the chain; nothing for one that another program wrote.
[[nodiscard]] std::string hash_of(const Rows& rows);
/// What is wrong with a checked entry besides its hash; empty: nothing.
[[nodiscard]] std::string fault_of(const Rows& rows);

}  // namespace approvekit::postgres
