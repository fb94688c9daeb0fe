#include "approvekit/json.hpp"

#include "approvekit/error.hpp"
#include "json/canonical_writer.hpp"
#include "json/strict_reader.hpp"

namespace approvekit {

const char detail::APPROVEKIT_JSON_SYMBOL = 0;

Json parse_json(std::string_view text, const JsonLimits& limits) {
    json::JsonValueBuilder builder;
    if (const auto fault = json::read_json(text, limits, builder)) {
        throw ArgumentsRefusedError("this JSON is refused at line " + std::to_string(fault->position.line) +
                                    ", column " + std::to_string(fault->position.column) + ": " + fault->what);
    }
    return builder.take();
}

std::string canonical_json(const Json& value, const JsonLimits& limits) {
    return json::CanonicalWriter(limits).write(value);
}

}  // namespace approvekit
