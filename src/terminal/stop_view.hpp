#pragma once

#include "approvekit/reviewer.hpp"
#include "approvekit/stop.hpp"
#include "terminal/screen.hpp"

#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// Says what a stop covers, who put it in force or lifted it, when and why.
void draw_stop(Lines& lines, const Stop& stop);

/// Draws the stops, or says that there are none.
void draw_stops(Lines& lines, const std::vector<Stop>& stops);

/// Draws the stops in force, above what waits. Draws nothing if there are none.
void draw_stops_above(Lines& lines, const std::vector<Stop>& in_force);

/// What a person's session has told about stops. `reviewer` must outlive it. If its functions throw StorageError, they
/// have told nothing.
class StopNews {
public:
    explicit StopNews(Reviewer& reviewer) : reviewer_(reviewer) {}

    /// Draws the stops in force, above what waits. Draws nothing if there are none.
    void draw(Lines& lines);
    /// Draws the stops that were put in force, lifted or taken away since the last call of either function.
    void draw_changes(Lines& lines);

private:
    void draw_end(Lines& lines, const Stop& known, const std::vector<Stop>& all) const;

    Reviewer& reviewer_;
    std::vector<Stop> told_;
};

}  // namespace approvekit::terminal
