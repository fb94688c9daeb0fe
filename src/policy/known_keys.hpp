#pragma once

#include "policy/document.hpp"
#include "policy/problems.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one of the other.
/// Case, underscores, hyphens and spaces do not count.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The one of `known`, which is not empty, that is nearest to `text` or that `text` is the beginning of.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> known);

/// Reports each key of `mapping` that is not one of `known`, with the nearest that is; with `hint`, which may be
/// empty, where that one is not likely to be meant.
void report_unknown_keys(const Node& mapping, const std::string& path, std::span<const std::string_view> known,
                         std::string_view hint, Problems& problems);

}  // namespace approvekit::policy
