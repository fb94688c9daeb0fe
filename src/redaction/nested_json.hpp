#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace approvekit {

/// Whether a string may hold the JSON text of an object, an array or a string: whether one of { [ " stands in it
/// before the first letter or digit, or would if comments were left out.
[[nodiscard]] bool looks_like_json(std::string_view text) noexcept;

/// The value of a JSON text that stands in a string `depth` levels down, whatever blanks and marks stand around it;
/// nothing when parse_json would refuse it.
[[nodiscard]] std::optional<Json> parse_nested_json(std::string_view text, std::size_t depth);

}  // namespace approvekit
