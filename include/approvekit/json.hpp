#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace approvekit {

/// The JSON value of every public signature.
using Json = nlohmann::json;

/// How much JSON a caller is willing to accept.
struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20;
    std::size_t depth = 64;  ///< objects and arrays within each other
};

/// Parses `text` as exactly one JSON value.
///
/// Stricter than JSON itself where a reviewer could be misled: a key that stands twice in one object
/// and an integer that does not fit 64 bits are refused, since they would not be shown as they were written.
///
/// Throws ArgumentsRefusedError, whose text names line and column but quotes nothing, when `text` is malformed,
/// not UTF-8, larger or deeper than `limits`.
[[nodiscard]] Json parse_json(std::string_view text, const JsonLimits& limits = {});

/// The canonical text of `value` after RFC 8785: sorted keys, no white space, shortest numbers.
/// Integers of 64 bits keep all their digits, where the RFC would round them, and larger numbers are written
/// with an exponent, so that parse_json reads back every text that this returns.
///
/// Throws ArgumentsRefusedError for NaN, infinities, strings that are not UTF-8, binary values,
/// and what exceeds `limits`.
[[nodiscard]] std::string canonical_json(const Json& value, const JsonLimits& limits = {});

}  // namespace approvekit
