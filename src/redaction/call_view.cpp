#include "redaction/call_view.hpp"

#include "redaction/redaction_walk.hpp"
#include "text/glyph.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::redaction {
namespace {

/// Scrubs the arguments, and the paths to what was hidden in them before.
void scrub_arguments(RedactedView& view, const Scrubber& scrubber) {
    scrubber.scrub(view.value);
    for (Redaction& redaction : view.redactions)
        redaction.path = scrubber.scrub(redaction.path);
}

/// Scrubs the context, but not its own keys, which every call has.
void scrub_context(Json& context, const Scrubber& scrubber) {
    for (Json& member : context)
        scrubber.scrub(member);
}

}  // namespace

CallView hide(const Json& arguments, const Json& context, const std::vector<std::string>& fields,
              const FingerprintKey& key) {
    CallView view{redact(arguments, fields, key), nullptr, {}};
    if (context.is_null()) return view;
    RedactedView hidden = redact(context, fields, key);
    view.context = std::move(hidden.value);
    view.hidden_context = std::move(hidden.scrubber);
    scrub_arguments(view.arguments, view.hidden_context);
    scrub_context(view.context, view.arguments.scrubber);
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
