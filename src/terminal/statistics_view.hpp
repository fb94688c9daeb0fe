#pragma once

#include "approvekit/review_statistics.hpp"
#include "terminal/screen.hpp"

namespace approvekit::terminal {

/// Draws tables of how a record was reviewed: by day, by tool, by reviewer, and the rules whose requests were all
/// approved.
void draw_statistics(Lines& lines, const ReviewStatistics& statistics);

}  // namespace approvekit::terminal
