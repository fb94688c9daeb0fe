#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// A number as people and programs write it: 1e16 has two common forms.
[[nodiscard]] std::vector<std::string> number_texts(const Json& number);

/// The texts that would give a hidden value away: its strings and numbers, also those in strings that hold JSON.
///
/// `value` is not deeper than deepest_json.
[[nodiscard]] std::vector<std::string> secret_texts(const Json& value);

}  // namespace approvekit
