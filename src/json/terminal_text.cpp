#include "approvekit/terminal_text.hpp"

#include "text/escape.hpp"

namespace approvekit {

std::string terminal_text(std::string_view text) {
    return text::escape(text);
}

std::string terminal_name(std::string_view name) {
    return text::name_text(name);
}

std::string terminal_json(const Json& value) {
    constexpr int no_indent = -1;
    constexpr bool ascii = true;
    return value.dump(no_indent, ' ', ascii, Json::error_handler_t::replace);
}

}  // namespace approvekit
