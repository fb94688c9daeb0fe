#include "record/decision_limits.hpp"

#include "approvekit/decision.hpp"
#include "approvekit/error.hpp"
#include "text/utf8.hpp"

#include <string>

namespace approvekit::record {

void check_note(std::string_view note) {
    const auto refuse = [](const std::string& why) { throw Error(ErrorCode::invalid_option, "the note " + why); };
    if (note.size() > maximum_note_bytes) {
        refuse("has " + std::to_string(note.size()) + " bytes; at most " + std::to_string(maximum_note_bytes) +
               " are kept");
    }
    if (note.find('\0') != std::string_view::npos) refuse("holds a NUL character");
    if (!text::is_utf8(note)) refuse("is not UTF-8");
}

}  // namespace approvekit::record
