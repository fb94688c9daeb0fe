#include "record/request_rows.hpp"

#include "text/ascii.hpp"

namespace approvekit::record {

namespace {

// Greater than any text that begins with a time or an id.
constexpr const char* after_all = "\x7f";

}  // namespace

RequestCursor cursor_of(const RequestQuery& query) {
    if (!query.cursor.empty()) return parse_request_cursor(query.cursor);
    // Waiting requests are listed oldest first, all others newest first.
    return {query.status == ApprovalStatus::pending ? "" : after_all, ""};
}

std::pair<std::string, std::string> range_of_ids(std::string_view prefix) {
    std::string first = text::lower_case(prefix);
    std::string end = first + after_all;
    return {std::move(first), std::move(end)};
}

}  // namespace approvekit::record
