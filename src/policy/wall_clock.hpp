#pragma once

#include "approvekit/clock.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// Hours of the wall clock of a zone, on some days of the week. A value.
class WallClockHours {
public:
    /// Nothing when the system knows no such zone.
    [[nodiscard]] static std::optional<WallClockHours> in_zone(const std::string& name);

    /// From `start` until before `end`, past midnight where the end is not behind the start.
    void set_hours(std::chrono::minutes start, std::chrono::minutes end);
    /// 0 is Sunday. Hours past midnight belong to the day on which they begin.
    void add_day(std::size_t day);

    [[nodiscard]] bool contain(Time time) const;

private:
    [[nodiscard]] bool has_day(std::size_t day) const noexcept { return !has_days_ || days_.at(day); }

    const void* zone_ = nullptr;  // of the library's list, which lives as long as the program
    std::chrono::minutes start_{0};
    std::chrono::minutes end_{std::chrono::hours(24)};
    std::array<bool, 7> days_{};
    bool has_days_ = false;
};

/// "08:30", or "24:00" for the end of the day.
[[nodiscard]] std::optional<std::chrono::minutes> parse_wall_clock(std::string_view text);

/// "mon" to "sun", as 1 to 6 and 0.
[[nodiscard]] std::optional<std::size_t> parse_weekday(std::string_view text);

}  // namespace approvekit::policy
