#pragma once

#include "approvekit/storage.hpp"

#include <cstddef>
#include <string_view>

namespace approvekit::web {

inline constexpr std::size_t maximum_page = 200;

/// Read the query of a listing: status, limit and cursor; limit, cursor and request_id.
///
/// Throw Error (invalid_option) that says what is allowed for an unknown or repeated name, an unknown status and a
/// limit that is not from 1 to maximum_page.
[[nodiscard]] RequestQuery parse_request_query(std::string_view query);
[[nodiscard]] AuditQuery parse_audit_query(std::string_view query);

/// Throws Error (invalid_option) unless the query is empty.
void require_no_query(std::string_view query);

}  // namespace approvekit::web
