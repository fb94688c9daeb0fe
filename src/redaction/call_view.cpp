#include "redaction/call_view.hpp"

#include "redaction/redaction_walk.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::redaction {
namespace {

/// Scrubs every text in `value`, but no keys.
void scrub_values(Json& value, const Scrubber& scrubber) {
    if (value.is_string()) value = scrubber.scrub(value.get_ref<const std::string&>());
    if (!value.is_structured()) return;
    for (Json& member : value)
        scrub_values(member, scrubber);
}

}  // namespace

CallView hide(const Json& arguments, const Json& context, const std::vector<std::string>& fields,
              const FingerprintKey& key) {
    CallView view{redact(arguments, fields, key), nullptr, {}};
    if (context.is_null()) return view;
    RedactedView hidden = redact(context, fields, key);
    view.context = std::move(hidden.value);
    view.hidden_context = std::move(hidden.scrubber);
    if (!view.hidden_context.empty()) scrub_values(view.arguments.value, view.hidden_context);
    scrub_values(view.context, view.arguments.scrubber);
    return view;
}

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
