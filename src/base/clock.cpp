#include "approvekit/clock.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>

namespace approvekit {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;

constexpr std::string_view time_form = "0000-00-00T00:00:00.000000";
constexpr std::string_view form_without_fraction = time_form.substr(0, 19);

constexpr Time earliest = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr Time latest = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - microseconds(1);

/// Writes `value` with its last digit at `last`, and to the left of it as many digits as the form has places.
void write_digits(std::string& text, std::size_t last, std::int64_t value) {
    for (std::size_t at = last + 1; at > 0 && time_form[at - 1] == '0'; --at) {
        text[at - 1] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

bool has_form(std::string_view text, std::string_view form) {
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char character, char expected) {
        return expected == '0' ? character >= '0' && character <= '9' : character == expected;
    });
}

int number_at(std::string_view text, std::size_t offset, std::size_t length) {
    int number = 0;
    for (const char digit : text.substr(offset, length)) {
        number = number * 10 + (digit - '0');
    }
    return number;
}

microseconds read(clockid_t clock) {
    std::timespec time{};
    clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + floor<microseconds>(std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace

std::string to_text(Time time) {
    time = std::clamp(time, earliest, latest);
    const auto day = floor<days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);

    std::string text(time_form);
    write_digits(text, 3, static_cast<int>(date.year()));
    write_digits(text, 6, static_cast<unsigned>(date.month()));
    write_digits(text, 9, static_cast<unsigned>(date.day()));
    write_digits(text, 12, clock.hours().count());
    write_digits(text, 15, clock.minutes().count());
    write_digits(text, 18, clock.seconds().count());
    write_digits(text, 25, clock.subseconds().count());
    return text;
}

std::optional<Time> parse_time(std::string_view text) {
    if (!has_form(text, time_form) && !has_form(text, form_without_fraction)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date(std::chrono::year(number_at(text, 0, 4)),
                                           std::chrono::month(static_cast<unsigned>(number_at(text, 5, 2))),
                                           std::chrono::day(static_cast<unsigned>(number_at(text, 8, 2))));
    const std::chrono::hours hours(number_at(text, 11, 2));
    const std::chrono::minutes minutes(number_at(text, 14, 2));
    const std::chrono::seconds seconds(number_at(text, 17, 2));
    if (!date.ok() || hours.count() > 23 || minutes.count() > 59 || seconds.count() > 59) {
        return std::nullopt;
    }
    const bool has_fraction = text.size() == time_form.size();
    const microseconds fraction(has_fraction ? number_at(text, 20, 6) : 0);
    return std::chrono::sys_days(date) + hours + minutes + seconds + fraction;
}

Time SystemClock::now() const {
    return floor<microseconds>(std::chrono::system_clock::now());
}

microseconds SystemClock::since_boot() const {
#ifdef CLOCK_BOOTTIME
    return read(CLOCK_BOOTTIME);
#else
    return read(CLOCK_MONOTONIC);  // this clock includes sleep on systems without CLOCK_BOOTTIME
#endif
}

}  // namespace approvekit
