#pragma once

#include "record/explorer/step.hpp"

#include <optional>
#include <string>
#include <vector>

namespace approvekit::explorer {

/// What is used of a limit that the agent's request and the calls of another agent share, whatever the record says.
class LimitTruth {
public:
    /// Whether the other agent can take `step` now.
    [[nodiscard]] bool allows(Step step) const;

    /// Notes a step, and returns how the record counted it wrongly, or an empty text.
    [[nodiscard]] std::string after(Step step, const Outcome& outcome);

    [[nodiscard]] std::string key() const;

private:
    struct Use {
        int at = 0;  ///< in seconds
        int amount = 1;
    };

    /// The time from which a start now counts.
    [[nodiscard]] int time_of_start() const;
    [[nodiscard]] int used() const;
    void move_clock_by(Step step);

    int now_ = 0;  // by the wall clock
    std::vector<Use> uses_;
    std::optional<std::size_t> spent_last_;  // by the other agent, and not given back
};

}  // namespace approvekit::explorer
