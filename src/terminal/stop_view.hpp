#pragma once

#include "approvekit/reviewer.hpp"
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

/// What a person's session has told of stops. `reviewer` must outlive it. Its functions throw StorageError, and have told
/// nothing then.
class StopNews {
public:
    explicit StopNews(Reviewer& reviewer) : reviewer_(reviewer) {}

    /// Draws those in force, above what waits; nothing where there are none.
    void draw(Lines& lines);
    /// Draws those that were put in force, lifted or taken away since either of the two was called last.
    void draw_changes(Lines& lines);

private:
    void draw_end(Lines& lines, const Stop& known, const std::vector<Stop>& all) const;

    Reviewer& reviewer_;
    std::vector<Stop> told_;
};

}  // namespace approvekit::terminal
