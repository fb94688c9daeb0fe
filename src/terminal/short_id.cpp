#include "terminal/short_id.hpp"

#include <algorithm>

namespace approvekit::terminal {
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
