#pragma once

#include "approvekit/reviewer.hpp"
#include "terminal/screen.hpp"

#include <vector>

namespace approvekit::terminal {

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
