#pragma once

#include <chrono>
#include <string>

namespace approvekit::terminal {

/// "2 min 5 s", "3 d 4 h": the two largest units, rounded down. A negative duration counts as none.
[[nodiscard]] std::string duration_text(std::chrono::microseconds duration);

}  // namespace approvekit::terminal
