#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/json.hpp"
#include "terminal/screen.hpp"

#include <cstddef>

namespace approvekit::terminal {

/// Adds a row with what a reviewer answered instead of letting a call run, shortened where it is long; none for null.
void draw_answer(Lines& lines, std::size_t indent, std::size_t widest_label, const Json& answer);

/// What the entry tells of an answer; null: nothing.
[[nodiscard]] Json answer_in(const AuditEntry& entry);

}  // namespace approvekit::terminal
