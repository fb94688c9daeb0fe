#pragma once

#include "approvekit/recorded_call.hpp"

#include <string>

namespace approvekit::review {

/// Returns the names of the columns of call_row(), with a line end.
[[nodiscard]] std::string call_header();

/// Returns one call as a line of RFC 4180: every cell in quotes, the arguments as JSON.
[[nodiscard]] std::string call_row(const RecordedCall& call);

/// Returns one call as JSON, on a line of its own.
[[nodiscard]] std::string call_line(const RecordedCall& call);

/// Returns the arguments as JSON, in their author's order, as on a screen.
[[nodiscard]] std::string arguments_text(const AuditEntry& entry);

}  // namespace approvekit::review
