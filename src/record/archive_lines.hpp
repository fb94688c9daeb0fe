#pragma once

#include "approvekit/audit_archive.hpp"
#include "record/audit_chain.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::record {

// The first line of an archive, or of an export from a record of which a part is in archives. It says after which place
// the entries continue, and with which hash.

/// Returns the line without its line end.
[[nodiscard]] std::string archive_head(const ChainStart& start);
/// Both return nothing for any other line.
[[nodiscard]] std::optional<ChainStart> read_archive_head(std::string_view line);
[[nodiscard]] std::optional<ChainStart> read_export_head(std::string_view line);

/// Returns the same start in the type that users see.
[[nodiscard]] AuditStart audit_start_of(const ChainStart& start);

}  // namespace approvekit::record
