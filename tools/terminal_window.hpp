#pragma once

#include <cstddef>

namespace approvekit::tools {

/// How many columns standard output has: what the terminal says, else COLUMNS, else 80.
[[nodiscard]] std::size_t window_columns();

/// How many lines the terminal at standard output has, 24 where it does not know; 0 when there is none.
[[nodiscard]] std::size_t window_rows();

/// Whether standard output is a terminal that may be sent colours; NO_COLOR and TERM=dumb say no.
[[nodiscard]] bool wants_colours();

/// Whether the locale of the environment is a UTF-8 one.
[[nodiscard]] bool reads_unicode();

}  // namespace approvekit::tools
