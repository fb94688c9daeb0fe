#include "redaction/nested_json.hpp"

#include "json/deepest.hpp"
#include "json/value_builder.hpp"

namespace approvekit {

bool looks_like_json(std::string_view text) noexcept {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && std::string_view("{[\"").find(text[start]) != std::string_view::npos;
}

std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth) {
    JsonValueBuilder builder;
    const JsonLimits limits{.bytes = text.size(), .depth = deepest_json - depth};
    if (read_json(text, limits, builder)) return std::nullopt;
    return std::make_optional<Json>(builder.take());
}

}  // namespace approvekit
