#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/recorded_call.hpp"
#include "terminal/screen.hpp"

#include <string_view>

namespace approvekit::terminal {

/// One line of the record, and the notes below it. `short_id` stands for the request.
void draw_audit_entry(Lines& lines, const AuditEntry& entry, std::string_view short_id);

/// A call in one line with what it came to, and the notes of its decision and of its end below it.
void draw_call(Lines& lines, const RecordedCall& call, std::string_view short_id);

}  // namespace approvekit::terminal
