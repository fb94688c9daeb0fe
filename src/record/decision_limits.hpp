#pragma once

#include <string_view>

namespace approvekit::record {

/// Throws Error (invalid_option) for a note that no decision may carry: over maximum_note_bytes, with a NUL, not UTF-8.
void check_note(std::string_view note);

}  // namespace approvekit::record
