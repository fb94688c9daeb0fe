#pragma once

#include "approvekit/audit_archive.hpp"
#include "record/audit_chain.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

// The first line of an archive, and of an export from a record of which a part was archived: the place after which its
// entries continue, and what they follow.

/// Without the line end.
[[nodiscard]] std::string archive_head(const ChainStart& start);
/// Nothing for any other line.
[[nodiscard]] std::optional<ChainStart> read_archive_head(std::string_view line);
[[nodiscard]] std::optional<ChainStart> read_export_head(std::string_view line);

/// The same as users see it.
[[nodiscard]] AuditStart audit_start_of(const ChainStart& start);

}  // namespace approvekit::record
