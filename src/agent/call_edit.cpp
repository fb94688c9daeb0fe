#include "approvekit/call_edit.hpp"

#include "text/utf8.hpp"

namespace approvekit {

std::string CallEdit::text_for_model() const {
    constexpr std::size_t most_value_bytes = 2048;
    std::string text = "Before the call ran, the reviewer " + reviewer + " changed its arguments: ";
    bool is_first = true;
    for (const auto& [path, value] : edits.items()) {
        const std::string shown = value.dump(-1, ' ', false, Json::error_handler_t::replace);
        text += (is_first ? "" : ", ") + path + " was set to " + text::shortened(shown, most_value_bytes);
        is_first = false;
    }
    return text + ".";
}

}  // namespace approvekit
