#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// A number as people and programs write it: 1e16 has two common forms.
[[nodiscard]] std::vector<std::string> number_texts(const Json& number);

/// The texts that would give a hidden value away.
struct SecretTexts {
    std::vector<std::string> values;  ///< its strings and numbers, also those in strings that hold JSON
    std::vector<std::string> names;   ///< of its members; and what stands in quotes where JSON is not quite JSON
};

/// Adds those of `value` to `texts`. Does not look deeper than deepest_json.
void collect_secret_texts(const Json& value, SecretTexts& texts);

}  // namespace approvekit
