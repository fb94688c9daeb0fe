#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/recorded_call.hpp"
#include "approvekit/storage.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// One line of the record, and the notes below it. `short_id` stands for the request.
void draw_audit_entry(Lines& lines, const AuditEntry& entry, std::string_view short_id);

/// A call in one line with what it came to, and the notes of its decision and of its end below it.
void draw_call(Lines& lines, const RecordedCall& call, std::string_view short_id);

/// The names of the columns of csv_row, with its line end.
[[nodiscard]] std::string csv_header();

/// One entry as a line of RFC 4180: every cell in quotes, the arguments and the metadata as JSON.
[[nodiscard]] std::string csv_row(const AuditEntry& entry);

/// Where a request stands among the lines.
struct DrawnRequest {
    std::size_t start = 0;
    std::size_t end = 0;  ///< behind its last line
    bool is_whole = true;
};

/// Draws the requests of a page, what waits in full and what has ended in a line. `storage` is asked for how short
/// their ids may be. Returns where the requests stand, in their order.
std::vector<DrawnRequest> draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query,
                                            const RequestPage& page);

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page);

}  // namespace approvekit::terminal
