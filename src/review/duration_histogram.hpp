#pragma once

#include <chrono>
#include <cstddef>
#include <map>

namespace approvekit::review {

/// How long many things took, within one percent. Its memory does not grow with their number. Not thread-safe.
class DurationHistogram {
public:
    /// A negative duration counts as zero.
    void add(std::chrono::microseconds duration);

    /// Returns the shortest duration that `share` of all (0 to 1) did not exceed; zero if there are none.
    [[nodiscard]] std::chrono::microseconds quantile(double share) const;

private:
    std::map<int, std::size_t> counts_;  // by step; each step is two percent longer than the one before
    std::size_t total_ = 0;
};

}  // namespace approvekit::review
