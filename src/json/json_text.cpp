#include "json/json_text.hpp"

namespace approvekit::terminal {

std::string json_text(const Json& value) {
    constexpr int no_indent = -1;
    constexpr bool ascii = true;
    return value.dump(no_indent, ' ', ascii, Json::error_handler_t::replace);
}

}  // namespace approvekit::terminal
