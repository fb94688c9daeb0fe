#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// A library that was built with another nlohmann/json does not link, for its version is part of the types' names. This
// symbol makes the linker say so in words.
#define APPROVEKIT_JSON_SYMBOL_OF(major, minor, patch) \
    this_program_has_nlohmann_json_##major##_##minor##_##patch##_but_libapprovekit_was_built_with_another
#define APPROVEKIT_JSON_SYMBOL_EXPANDED(major, minor, patch) APPROVEKIT_JSON_SYMBOL_OF(major, minor, patch)
#define APPROVEKIT_JSON_SYMBOL                                                                \
    APPROVEKIT_JSON_SYMBOL_EXPANDED(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, \
                                    NLOHMANN_JSON_VERSION_PATCH)

namespace approvekit {

namespace detail {
extern const char APPROVEKIT_JSON_SYMBOL;
/// Used, so that every program that includes this header needs the symbol.
[[gnu::used]] inline const char* const json_version_check = &APPROVEKIT_JSON_SYMBOL;
}  // namespace detail

/// The JSON value of every public signature.
using Json = nlohmann::json;

/// How much JSON a caller is willing to accept.
struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20;
    std::size_t depth = 64;  ///< objects and arrays within each other
};

/// Parses `text` as exactly one JSON value.
///
/// Stricter than JSON itself where a reviewer could be misled: a key that appears twice in one object, an integer that
/// does not fit 64 bits, and another number that a double does not hold with the digits that were written
/// (12345678901234567.89) are refused, since they would not be shown as they were written.
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
