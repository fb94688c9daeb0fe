#pragma once

#include "samples.hpp"

namespace approvekit::bench {

/// Tells when the calling thread last began a write transaction and when its last COMMIT returned, on every connection
/// that is opened while this exists, including those of our library.
class CommitClock {
public:
    CommitClock();
    ~CommitClock();
    CommitClock(const CommitClock&) = delete;
    CommitClock& operator=(const CommitClock&) = delete;

    [[nodiscard]] static Clock::time_point last_begin() noexcept;
    [[nodiscard]] static Clock::time_point last_commit() noexcept;
};

}  // namespace approvekit::bench
