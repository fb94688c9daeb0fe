#include "terminal/short_text.hpp"

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

namespace {

constexpr std::size_t shortest = 8;

bool is_ascii(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char character) { return character > ' ' && character < 0x7f; });
}

}  // namespace

std::string short_id(Storage& storage, std::string_view id) {
    for (std::size_t length = shortest; length < id.size() && is_ascii(id); ++length) {
        const std::string_view prefix = id.substr(0, length);
        if (prefix.back() != '-' && storage.find_ids(prefix, 2).size() < 2) return std::string(prefix);
    }
    return std::string(id);
}

}  // namespace approvekit::terminal
