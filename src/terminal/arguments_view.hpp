#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace approvekit::terminal {

/// Draws a JSON value as a tree: a line for each member, values aligned, texts in quotes, each line of a text on its
/// own. A hidden value is marked with what a reviewer may know about it. A text that only looks hidden stays in quotes.
/// The members at the top come in `order`, which names each of them, or alphabetically if it is empty.
void draw_arguments(Lines& lines, std::size_t indent, const Json& arguments, const std::vector<Redaction>& redactions,
                    const std::vector<std::string>& order = {});

}  // namespace approvekit::terminal
