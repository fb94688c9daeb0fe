#include "parsed.hpp"
#include "property.hpp"

#include "approvekit/json.hpp"
#include "text/utf8.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace approvekit::fuzz {
namespace {

constexpr JsonLimits unlimited{.bytes = SIZE_MAX, .depth = 1000};

}  // namespace

void json(std::string_view bytes) {
    const std::optional<Json> value = parsed(bytes);
    if (!value) return;
    require(Json::accept(bytes), "what is read is JSON");
    const std::string canonical = canonical_json(*value, unlimited);
    const Json again = parse_json(canonical, unlimited);
    require(again == *value, "the canonical text means the same");
    require(canonical_json(again, unlimited) == canonical, "the canonical text is its own canonical text");
    require(text::is_utf8(canonical), "the canonical text is UTF-8");
}

}  // namespace approvekit::fuzz
