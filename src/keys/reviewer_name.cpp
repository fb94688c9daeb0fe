#include "keys/reviewer_name.hpp"

#include "approvekit/error.hpp"
#include "text/ascii.hpp"
#include "text/fold.hpp"
#include "text/glyph.hpp"
#include "text/utf8.hpp"

#include <string>

namespace approvekit::keys {
namespace {

constexpr std::size_t maximum_name_bytes = 200;

bool has_hidden_characters(std::string_view text) {
    while (!text.empty()) {
        const text::Glyph glyph = text::first_glyph(text);
        if (text::is_hidden(glyph.code)) return true;
        text.remove_prefix(glyph.bytes);
    }
    return false;
}

}  // namespace

std::string fault_of_reviewer_name(std::string_view name) {
    if (name.empty()) return "is empty";
    if (name.size() > maximum_name_bytes) return "is longer than " + std::to_string(maximum_name_bytes) + " bytes";
    if (!text::is_utf8(name)) return "is not UTF-8";
    if (has_hidden_characters(name)) return "has control characters or others that cannot be seen";
    if (name.front() == ' ' || name.back() == ' ') return "has blanks around it";
    return text::lower_case(name) == "policy" ? "is that of the policy" : "";
}

void check_reviewer_name(std::string_view name) {
    const std::string fault = fault_of_reviewer_name(name);
    if (fault.empty()) return;
    throw Error(ErrorCode::invalid_option, "the reviewer's name " + fault + "; name the person who decides");
}

std::string person_of(std::string_view name) {
    return text::folded(name);
}

}  // namespace approvekit::keys
