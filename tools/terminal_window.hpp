#pragma once

#include <cstddef>

namespace approvekit::tools {

/// The number of columns of standard output: from the terminal, otherwise from COLUMNS, otherwise 80.
[[nodiscard]] std::size_t window_columns();

/// The number of lines of the terminal at standard output; 24 if it does not say, 0 if there is no terminal.
[[nodiscard]] std::size_t window_rows();

/// Whether standard output is a terminal that supports colours; not with NO_COLOR or TERM=dumb.
[[nodiscard]] bool wants_colours();

/// Whether the locale of the environment is a UTF-8 one.
[[nodiscard]] bool reads_unicode();

}  // namespace approvekit::tools
