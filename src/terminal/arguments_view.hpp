#pragma once

#include "approvekit/json.hpp"
#include "approvekit/redaction.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace approvekit::terminal {

/// Draws a JSON value as a tree: a line for each member, values aligned, texts in quotes, newlines in them kept
/// apart. What is hidden is marked with what a reviewer may know of it; what looks hidden but is not stays in quotes.
/// The members at the top come in `order`, which names each of them, or in that of the alphabet when it is empty.
void draw_arguments(Lines& lines, std::size_t indent, const Json& arguments, const std::vector<Redaction>& redactions,
                    const std::vector<std::string>& order = {});

}  // namespace approvekit::terminal
