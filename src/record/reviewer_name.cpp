#include "record/reviewer_name.hpp"

#include "approvekit/error.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <string>

namespace approvekit {
namespace {

constexpr std::size_t maximum_name_bytes = 200;

bool is_control(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
}

/// U+0080 to U+009F, which terminals obey as they do escape sequences.
bool has_c1_control(std::string_view text) {
    for (auto at = text.find('\xC2'); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
        if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
    }
    return false;
}

}  // namespace

void check_reviewer_name(std::string_view name) {
    const auto refuse = [](const std::string& why) {
        throw Error(ErrorCode::invalid_option, "the reviewer's name " + why + "; name the person who decides");
    };
    if (name.empty()) refuse("is empty");
    if (name.size() > maximum_name_bytes) refuse("is longer than " + std::to_string(maximum_name_bytes) + " bytes");
    if (!is_utf8(name)) refuse("is not UTF-8");
    if (std::any_of(name.begin(), name.end(), is_control) || has_c1_control(name)) refuse("has control characters");
}

}  // namespace approvekit
