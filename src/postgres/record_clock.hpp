#pragma once

#include "approvekit/clock.hpp"
#include "record/rows.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace approvekit::postgres {

/// The clock of the record, which is the server's, and the time since boot, which is this machine's. Thread-safe.
class RecordClock {
public:
    /// `instead` replaces both, for tests; may be null.
    RecordClock(std::shared_ptr<const Clock> instead, std::string boot_id);

    /// SQL for the server's time, as moment() takes it.
    static constexpr const char* server_time =
        "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')";

    /// Returns the moment at which the server gave this time, which must be now.
    [[nodiscard]] record::Moment moment(std::string_view server_says);
    /// Returns an estimate of the current moment, from this machine's clock and the server's last answer. For what is
    /// only shown, and for a first look at what may be due.
    [[nodiscard]] record::Moment estimate() const;

private:
    [[nodiscard]] record::Moment moment_at(Time now) const;

    std::shared_ptr<const Clock> instead_;
    SystemClock own_;
    std::string boot_id_;
    std::atomic<std::chrono::microseconds> ahead_{std::chrono::microseconds{0}};  ///< the server's clock of this one
};

}  // namespace approvekit::postgres
