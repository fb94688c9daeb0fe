#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// A moment in UTC, in microseconds like every time in the record.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-01-31T09:05:00.000000", the form of every time in the database; for the years 0 to 9999.
[[nodiscard]] std::string to_text(Time time);

/// The reverse of to_text. Returns nothing when `text` has another form or is not a valid time. The fraction may be
/// missing, since the Python package leaves it out when it is zero.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);

/// Where the library gets the time from, so that tests can supply their own.
///
/// There are two clocks, since each alone can be fooled: the wall clock by someone who sets it, the other one by a
/// restart of the machine. Implementations are thread-safe.
class Clock {
public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual Time now() const = 0;

    /// Time since the machine started, including the time it was suspended.
    [[nodiscard]] virtual std::chrono::microseconds since_boot() const = 0;
};

/// The machine's own clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
    [[nodiscard]] std::chrono::microseconds since_boot() const override;
};

}  // namespace approvekit
