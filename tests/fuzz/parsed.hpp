#pragma once

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace approvekit::fuzz {

/// What the library reads from `bytes`, or nothing if it refuses them.
inline std::optional<Json> parsed(std::string_view bytes) {
    try {
        return std::optional<Json>(std::in_place, parse_json(bytes));
    } catch (const ArgumentsRefusedError&) {
        return std::nullopt;
    }
}

}  // namespace approvekit::fuzz
