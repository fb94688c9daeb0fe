#include "redaction/hidden_value.hpp"

#include "redaction/redaction_walk.hpp"
#include "text/blank.hpp"

#include <algorithm>

namespace approvekit::redaction {

bool holds_hidden_value(std::string_view text, const Json& arguments, const std::vector<std::string>& fields) {
    if (fields.empty()) return false;
    const FieldNames names(fields);
    const FingerprintKey unused;
    RedactionWalk walk(names, unused, RedactionWalk::Faults::passed_over);
    Json copy = arguments;
    walk.walk(copy);
    const auto& values = walk.secrets.values;
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return !text::without_blanks_around(value).empty() && text.find(value) != std::string_view::npos;
    });
}

}  // namespace approvekit::redaction
