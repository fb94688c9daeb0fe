#pragma once

#include "approvekit/stop.hpp"
#include "record/tables.hpp"

#include <vector>

namespace approvekit::record {

/// The stops that a process has met, for as long as it lives: whoever takes the row of one away lifts nothing for it.
/// Not thread-safe.
class KnownStops {
public:
    /// All that are in force: those of the table, and those met before of which no entry says that they were lifted. Valid
    /// until the next look.
    [[nodiscard]] const std::vector<Stop>& look(Tables& tables);

private:
    std::vector<Stop> met_;
};

}  // namespace approvekit::record
