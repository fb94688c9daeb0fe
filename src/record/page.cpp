#include "record/page.hpp"

#include "approvekit/error.hpp"

#include <charconv>

namespace approvekit::record {

namespace {

constexpr char separator = '_';

Error not_a_cursor() {
    return Error(ErrorCode::invalid_option, "the cursor is not one that a page handed out; start without one");
}

}  // namespace

std::string cursor_text(const RequestCursor& cursor) {
    return cursor.created_at + separator + cursor.id;
}

RequestCursor parse_request_cursor(std::string_view text) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos || text.find('\0') != std::string_view::npos) throw not_a_cursor();
    return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

std::int64_t parse_sequence_cursor(std::string_view text) {
    std::int64_t sequence = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
    if (error != std::errc{} || end != text.data() + text.size()) throw not_a_cursor();
    return sequence;
}

}  // namespace approvekit::record
