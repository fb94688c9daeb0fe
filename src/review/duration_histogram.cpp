#include "review/duration_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace approvekit::review {
namespace {

const double step_width = std::log(1.02);

}  // namespace

void DurationHistogram::add(std::chrono::microseconds duration) {
    const auto length = static_cast<double>(std::max<std::int64_t>(duration.count(), 0));
    ++counts_[static_cast<int>(std::lround(std::log1p(length) / step_width))];
    ++total_;
}

std::chrono::microseconds DurationHistogram::quantile(double share) const {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(total_)));
    std::size_t seen = 0;
    for (const auto& [step, count] : counts_) {
        seen += count;
        if (seen >= rank) return std::chrono::microseconds(std::llround(std::expm1(step * step_width)));
    }
    return {};
}

}  // namespace approvekit::review
