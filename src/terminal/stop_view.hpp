#pragma once

#include "approvekit/stop.hpp"
#include "terminal/screen.hpp"

#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// Says of a stop what it covers, who put it in force or lifted it, when and why.
void draw_stop(Lines& lines, const Stop& stop);

/// The stops, or that there are none.
void draw_stops(Lines& lines, const std::vector<Stop>& stops);

/// Those in force, above what waits; nothing where there are none.
void draw_stops_above(Lines& lines, const std::vector<Stop>& in_force);

}  // namespace approvekit::terminal
