#pragma once

#include "approvekit/audit.hpp"

#include <string>

namespace approvekit::terminal {

/// The names of the columns of csv_row, with its line end.
[[nodiscard]] std::string csv_header();

/// One entry as a line of RFC 4180: every cell in quotes, the arguments and the metadata as JSON.
[[nodiscard]] std::string csv_row(const AuditEntry& entry);

}  // namespace approvekit::terminal
