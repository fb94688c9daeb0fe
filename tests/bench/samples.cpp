#include "samples.hpp"

#include <algorithm>
#include <stdexcept>

namespace approvekit::bench {

void Samples::add(const Samples& others) {
    durations_.insert(durations_.end(), others.durations_.begin(), others.durations_.end());
}

std::chrono::nanoseconds Samples::quantile(double fraction) const {
    if (durations_.empty()) throw std::logic_error("no samples were taken");
    auto sorted = durations_;
    const auto last = static_cast<double>(sorted.size() - 1);
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(fraction * last + 0.5);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

}  // namespace approvekit::bench
