#include "policy/wall_clock.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace approvekit::policy {
namespace {

constexpr std::array<std::string_view, 7> weekday_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::size_t days_of_week = weekday_names.size();

}  // namespace

std::optional<WallClockHours> WallClockHours::in_zone(const std::string& name) {
    try {
        WallClockHours hours;
        hours.zone_ = ::date::locate_zone(name);
        return hours;
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

void WallClockHours::set_hours(std::chrono::minutes start, std::chrono::minutes end) {
    start_ = start;
    end_ = end;
}

void WallClockHours::add_day(std::size_t day) {
    days_.at(day) = true;
    has_days_ = true;
}

bool WallClockHours::contain(Time time) const {
    const auto* const zone = static_cast<const ::date::time_zone*>(zone_);
    const auto local = zone->to_local(time);
    const auto day = std::chrono::floor<::date::days>(local);
    const auto minute = std::chrono::floor<std::chrono::minutes>(local - day);
    const std::size_t weekday = ::date::weekday(day).c_encoding();
    if (start_ < end_) return has_day(weekday) && minute >= start_ && minute < end_;
    const std::size_t day_before = (weekday + days_of_week - 1) % days_of_week;
    return (minute >= start_ && has_day(weekday)) || (minute < end_ && has_day(day_before));
}

std::optional<std::chrono::minutes> parse_wall_clock(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) || !is_digit(text[4])) return std::nullopt;
    const int hours = (text[0] - '0') * 10 + text[1] - '0';
    const int minutes = (text[3] - '0') * 10 + text[4] - '0';
    const bool is_time = (hours < 24 && minutes < 60) || (hours == 24 && minutes == 0);
    return is_time ? std::optional(std::chrono::hours(hours) + std::chrono::minutes(minutes)) : std::nullopt;
}

std::optional<std::size_t> parse_weekday(std::string_view text) {
    const auto* const found = std::find(weekday_names.begin(), weekday_names.end(), text);
    if (found == weekday_names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - weekday_names.begin());
}

}  // namespace approvekit::policy
