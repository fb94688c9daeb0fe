#include "terminal/duration_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace approvekit::terminal {
namespace {

struct Unit {
    std::chrono::seconds length;
    std::string_view name;
};

constexpr std::array units{
    Unit{std::chrono::days(1), " d"},
    Unit{std::chrono::hours(1), " h"},
    Unit{std::chrono::minutes(1), " min"},
    Unit{std::chrono::seconds(1), " s"},
};

std::string count_text(std::chrono::seconds duration, const Unit& unit) {
    return std::to_string(duration / unit.length).append(unit.name);
}

}  // namespace

std::string duration_text(std::chrono::microseconds duration) {
    using std::chrono::seconds;
    const auto whole = std::max(std::chrono::floor<seconds>(duration), seconds(0));
    const auto* largest =
        std::find_if(units.begin(), units.end() - 1, [&](const Unit& unit) { return whole >= unit.length; });
    std::string text = count_text(whole, *largest);
    const auto rest = whole % largest->length;
    const auto* const next = largest + 1;
    if (next == units.end() || rest < next->length) return text;
    return text + " " + count_text(rest, *next);
}

}  // namespace approvekit::terminal
