#pragma once

#include "approvekit/recorded_call.hpp"

#include <string>

namespace approvekit::review {

/// The names of the columns of call_row, with its line end.
[[nodiscard]] std::string call_header();

/// One call as a line of RFC 4180: every cell in quotes, the arguments as JSON.
[[nodiscard]] std::string call_row(const RecordedCall& call);

/// One call as JSON, in a line of its own.
[[nodiscard]] std::string call_line(const RecordedCall& call);

/// The arguments as JSON, in the order of their author, as on a screen.
[[nodiscard]] std::string arguments_text(const AuditEntry& entry);

}  // namespace approvekit::review
