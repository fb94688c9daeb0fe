#include "review/call_cursor.hpp"

#include "approvekit/error.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

namespace approvekit::review {
namespace {

constexpr char separator = '.';
constexpr std::string_view nothing = "x";
constexpr std::size_t parts_before_names = 3;

[[noreturn]] void refuse_cursor() {
    throw Error(ErrorCode::invalid_option, "the cursor is not one that a page handed out; start without one");
}

std::string place_text(const std::optional<std::int64_t>& place) {
    return place ? std::to_string(*place) : std::string(nothing);
}

std::optional<std::int64_t> read_place(std::string_view text) {
    if (text == nothing) return std::nullopt;
    std::int64_t place = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), place);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    using Limits = std::numeric_limits<std::int64_t>;
    // One is added to and subtracted from places.
    if (!is_whole || place == Limits::max() || place == Limits::min()) refuse_cursor();
    return place;
}

/// A reading can name only what it has passed: from the newest entry when it began down to where it is.
void require_passed(const CallCursor& cursor) {
    const auto is_passed = [&](std::int64_t place) {
        return place <= cursor.head && (!cursor.below || place >= *cursor.below);
    };
    const bool is_in_order = (!cursor.below || *cursor.below <= cursor.head + 1) &&
                             (!cursor.read_from || is_passed(*cursor.read_from)) &&
                             std::all_of(cursor.named.begin(), cursor.named.end(), is_passed);
    if (!is_in_order) refuse_cursor();
}

}  // namespace

std::string CallCursor::text() const {
    std::string text = place_text(below) + separator + std::to_string(head) + separator + place_text(read_from);
    for (const std::int64_t place : named)
        text += separator + std::to_string(place);
    return text;
}

CallCursor CallCursor::parse(std::string_view text) {
    std::vector<std::optional<std::int64_t>> parts;
    for (std::size_t at = 0; at <= text.size() && parts.size() <= parts_before_names + most_named;) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        parts.push_back(read_place(text.substr(at, end - at)));
        at = end + 1;
    }
    if (parts.size() < parts_before_names || parts.size() > parts_before_names + most_named) refuse_cursor();
    if (!parts[1]) refuse_cursor();
    CallCursor cursor{.below = parts[0], .head = *parts[1], .read_from = parts[2], .named = {}};
    for (std::size_t index = parts_before_names; index < parts.size(); ++index) {
        if (!parts[index]) refuse_cursor();
        cursor.named.push_back(*parts[index]);
    }
    require_passed(cursor);
    return cursor;
}

}  // namespace approvekit::review
