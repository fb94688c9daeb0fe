#pragma once

#include "approvekit/json.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// Adds a row for each path with the value that a reviewer put there; none for null. `who` stands before the first.
void draw_edits(Lines& lines, std::size_t indent, std::size_t widest_label, std::string_view who, const Json& edits);

/// "args.body, args.cc", for who may change these.
[[nodiscard]] std::string listed_paths(const Screen& screen, const std::vector<std::string>& paths);

}  // namespace approvekit::terminal
