#pragma once

#include "record/page.hpp"

#include <string>

namespace approvekit::postgres {

/// Returns SQL for what a page shows of a column; for a text that is too large for any page, a note on its length.
[[nodiscard]] inline std::string shown_text(const char* column) {
    const std::string name(column);
    return "CASE WHEN octet_length(" + name + ") > " + std::to_string(record::PageSize::most_bytes) +
           " THEN '[' || octet_length(" + name + ") || ' bytes left out]' ELSE " + name + " END";
}

/// Returns SQL for how many bytes of a column a page shows, without the note on one that is left out.
[[nodiscard]] inline std::string shown_bytes(const char* column) {
    const std::string length = std::string("coalesce(octet_length(") + column + "), 0)";
    return "CASE WHEN " + length + " > " + std::to_string(record::PageSize::most_bytes) + " THEN 0 ELSE " + length +
           " END";
}

/// Returns SQL for a running sum over the rows of a subquery with a column `bytes`, in that order: the bytes of all
/// rows up to the one before the previous row. As long as this fits into a page, the page is full at the latest with
/// the previous row, and this row shows that more follow.
[[nodiscard]] inline std::string bytes_before(const std::string& order) {
    return "coalesce(sum(bytes) OVER (ORDER BY " + order + " ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), 0)";
}

}  // namespace approvekit::postgres
