#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <optional>
#include <string>

namespace approvekit::json {

// The API says null if there is no value, never an empty text.

[[nodiscard]] inline Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

[[nodiscard]] inline Json text_or_null(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json();
}

[[nodiscard]] inline Json text_or_null(const std::optional<Time>& time) {
    return time ? Json(to_text(*time)) : Json();
}

/// The reverse of text_or_null() for a text. Throws Json::exception if the member is missing or of another type.
[[nodiscard]] inline std::string text_at(const Json& json, const char* name) {
    const Json& value = json.at(name);
    return value.is_null() ? std::string() : value.get<std::string>();
}

/// Returns `text` as UTF-8, since an export cannot carry any other text without loss.
[[nodiscard]] std::string exportable_text(std::string text);

/// Returns the canonical text of JSON that another program may have stored.
[[nodiscard]] std::string exportable_json(const Json& value);

}  // namespace approvekit::json
