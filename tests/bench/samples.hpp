#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace approvekit::bench {

using Clock = std::chrono::steady_clock;

/// How long one operation took, each time it was done.
class Samples {
public:
    void add(std::chrono::nanoseconds duration) { durations_.push_back(duration); }
    void add(const Samples& others);

    template <typename Work>
    void time(Work&& work) {
        const auto start = Clock::now();
        work();
        add(Clock::now() - start);
    }

    /// The duration that `fraction` of all stay below. Throws std::logic_error if there are none.
    [[nodiscard]] std::chrono::nanoseconds quantile(double fraction) const;
    [[nodiscard]] std::chrono::nanoseconds median() const { return quantile(0.5); }

    [[nodiscard]] std::size_t size() const noexcept { return durations_.size(); }

private:
    std::vector<std::chrono::nanoseconds> durations_;
};

/// The same work done in two ways.
struct Comparison {
    Samples ours;
    Samples bare;
};

/// Does `blocks` times `in_block` of each, taking turns, so that both run under the same conditions.
template <typename Ours, typename Bare>
Comparison interleave(int blocks, int in_block, Ours&& ours, Bare&& bare) {
    Comparison comparison;
    for (int block = 0; block < blocks; ++block) {
        for (int i = 0; i < in_block; ++i)
            comparison.ours.time(ours);
        for (int i = 0; i < in_block; ++i)
            comparison.bare.time(bare);
    }
    return comparison;
}

}  // namespace approvekit::bench
