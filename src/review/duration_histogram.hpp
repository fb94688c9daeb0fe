#pragma once

#include <chrono>
#include <cstddef>
#include <map>

namespace approvekit::review {

/// How long many things took, within one percent, in memory that does not grow with their number. Not thread-safe.
class DurationHistogram {
public:
    /// A negative duration counts as none.
    void add(std::chrono::microseconds duration);

    /// The shortest duration that `share` of all took no longer than (0 to 1); zero when there are none.
    [[nodiscard]] std::chrono::microseconds quantile(double share) const;

private:
    std::map<int, std::size_t> counts_;  // by step; each step is two percent longer than the one before
    std::size_t total_ = 0;
};

}  // namespace approvekit::review
