#pragma once

#include "approvekit/json.hpp"
#include "policy/truth.hpp"

#include <string_view>

namespace approvekit::policy {

/// Whether two scalars are equal. Unknown if the types differ: a boolean is not a number, and a number is not a text.
/// `nfc` brings texts to Unicode's form C first.
[[nodiscard]] Truth equal_scalars(const Json& value, const Json& wanted, bool nfc);

/// Whether a tool that converts types may take two values of different types for the same: "0" for 0, " 0x10" for 16,
/// and any text or number for true.
[[nodiscard]] bool may_be_converted(const Json& value, const Json& wanted);

/// The result of a comparison that `text` did not pass. Unknown if nobody can tell what its form C is.
[[nodiscard]] Truth otherwise(std::string_view text, bool nfc) noexcept;

}  // namespace approvekit::policy
