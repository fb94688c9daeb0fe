#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <optional>
#include <string>

namespace approvekit::json {

// The API says null where there is nothing, never an empty text.

[[nodiscard]] inline Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

[[nodiscard]] inline Json text_or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json();
}

[[nodiscard]] inline Json text_or_null(const std::optional<Time>& time) {
    return time ? Json(to_text(*time)) : Json();
}

/// The reverse for a text. Throws Json::exception where the member is missing or of another type.
[[nodiscard]] inline std::string text_at(const Json& json, const char* name) {
    const Json& value = json.at(name);
    return value.is_null() ? std::string() : value.get<std::string>();
}

/// `text` as UTF-8: an export can tell no other without loss.
[[nodiscard]] std::string exportable_text(std::string text);

/// The canonical text of JSON that may have been stored by another program.
[[nodiscard]] std::string exportable_json(const Json& value);

}  // namespace approvekit::json
