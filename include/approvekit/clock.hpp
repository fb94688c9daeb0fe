#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// A moment in UTC, as precise as the record keeps it.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-01-31T09:05:00.000000", the form of every time in the database; for the years 0 to 9999.
[[nodiscard]] std::string to_text(Time time);

/// The reverse of to_text; nothing when `text` has another form or names no moment.
/// The fraction may be missing: the Python package leaves it out when it is zero.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text);

/// Where the library takes its time from, so that tests can bring their own.
///
/// Two clocks, since each alone can be fooled: the wall clock by who sets it,
/// the other by a restart of the machine. Implementations are thread-safe.
class Clock {
public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual Time now() const = 0;

    /// Time since the machine started, including what it slept.
    [[nodiscard]] virtual std::chrono::microseconds since_boot() const = 0;
};

/// The machine's own clocks.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Time now() const override;
    [[nodiscard]] std::chrono::microseconds since_boot() const override;
};

}  // namespace approvekit
