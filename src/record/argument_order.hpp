#pragma once

#include "approvekit/json.hpp"

#include <string>
#include <vector>

namespace approvekit::record {

/// The names of `arguments` in the order of their author, as far as the metadata tells it; those that it does not
/// name follow in that of the alphabet. Each stands once, whatever the metadata says. Empty for what is no object.
[[nodiscard]] std::vector<std::string> argument_order(const Json& arguments, const Json& metadata);

/// The members of a call's context, which nobody else orders: for whom and why come first.
[[nodiscard]] std::vector<std::string> context_order(const Json& context);

}  // namespace approvekit::record
