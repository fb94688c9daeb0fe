#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace approvekit::record {

/// The place after which a page of requests starts.
struct RequestCursor {
    std::string created_at;
    std::string id;
};

[[nodiscard]] std::string cursor_text(const RequestCursor& cursor);

/// Both throw Error (invalid_option) for a cursor that no page handed out.
[[nodiscard]] RequestCursor parse_request_cursor(std::string_view text);
[[nodiscard]] std::int64_t parse_sequence_cursor(std::string_view text);

}  // namespace approvekit::record
