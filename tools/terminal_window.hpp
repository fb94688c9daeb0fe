#pragma once

#include <cstddef>

namespace approvekit::tools {

/// How many columns standard output has: COLUMNS, else what the terminal says, else 80; never under 30.
[[nodiscard]] std::size_t window_columns();

/// How many lines the terminal at standard output has; 0 when there is none or it does not know.
[[nodiscard]] std::size_t window_rows();

/// Whether standard output is a terminal that may be sent colours; NO_COLOR and TERM=dumb say no.
[[nodiscard]] bool wants_colours();

/// Whether the locale of the environment is a UTF-8 one.
[[nodiscard]] bool reads_unicode();

}  // namespace approvekit::tools
