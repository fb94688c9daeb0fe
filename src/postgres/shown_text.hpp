#pragma once

#include "record/page.hpp"

#include <string>

namespace approvekit::postgres {

/// SQL for what a page shows of a column: of a text that is too large for any page, how long it is.
[[nodiscard]] inline std::string shown_text(const char* column) {
    const std::string name(column);
    return "CASE WHEN octet_length(" + name + ") > " + std::to_string(record::PageSize::most_bytes) +
           " THEN '[' || octet_length(" + name + ") || ' bytes left out]' ELSE " + name + " END";
}

/// SQL for how many bytes of a column a page shows, the remark on one that is left out aside.
[[nodiscard]] inline std::string shown_bytes(const char* column) {
    const std::string length = std::string("coalesce(octet_length(") + column + "), 0)";
    return "CASE WHEN " + length + " > " + std::to_string(record::PageSize::most_bytes) + " THEN 0 ELSE " + length +
           " END";
}

/// SQL that gives, of the rows of a subquery with a column `bytes` in that order, how much stands before the row before: as
/// long as that fits into a page, the page is full at the latest with the row before this one, which tells that more follow.
[[nodiscard]] inline std::string bytes_before(const std::string& order) {
    return "coalesce(sum(bytes) OVER (ORDER BY " + order + " ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), 0)";
}

}  // namespace approvekit::postgres
