#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// A library that was built with another nlohmann/json does not link, since the version is part of the types' names.
// This symbol makes the linker's message say so in words.
#define APPROVEKIT_JSON_SYMBOL_OF(major, minor, patch) \
    this_program_has_nlohmann_json_##major##_##minor##_##patch##_but_libapprovekit_was_built_with_another
#define APPROVEKIT_JSON_SYMBOL_EXPANDED(major, minor, patch) APPROVEKIT_JSON_SYMBOL_OF(major, minor, patch)
#define APPROVEKIT_JSON_SYMBOL                                                                \
    APPROVEKIT_JSON_SYMBOL_EXPANDED(NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, \
                                    NLOHMANN_JSON_VERSION_PATCH)

namespace approvekit {

namespace detail {
extern const char APPROVEKIT_JSON_SYMBOL;
/// Marked as used, so that every program that includes this header needs the symbol.
[[gnu::used]] inline const char* const json_version_check = &APPROVEKIT_JSON_SYMBOL;
}  // namespace detail

/// The JSON type of the public interface.
using Json = nlohmann::json;

/// Limits on JSON input.
struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20;
    std::size_t depth = 64;  ///< nesting of objects and arrays
};

/// Parses `text` as exactly one JSON value.
///
/// Stricter than JSON itself, so that a reviewer cannot be misled. It refuses a key that appears twice in one object,
/// an integer that does not fit into 64 bits, and any other number whose written digits a double cannot hold
/// (12345678901234567.89), since these would not be shown as they were written.
///
/// Throws ArgumentsRefusedError when `text` is malformed, not UTF-8, or exceeds `limits`. The error's text names line
/// and column but quotes nothing.
[[nodiscard]] Json parse_json(std::string_view text, const JsonLimits& limits = {});

/// The canonical text of `value`, based on RFC 8785: sorted keys, no white space, shortest numbers. Unlike in the RFC,
/// 64-bit integers keep all their digits, and larger numbers are written with an exponent, so that parse_json can read
/// every text that this returns.
///
/// Throws ArgumentsRefusedError for NaN, infinities, strings that are not UTF-8, binary values, and for values that
/// exceed `limits`.
[[nodiscard]] std::string canonical_json(const Json& value, const JsonLimits& limits = {});

}  // namespace approvekit
