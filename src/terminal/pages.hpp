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

/// Draws one entry of the record in a line, and its notes below. `short_id` stands for the request.
void draw_audit_entry(Lines& lines, const AuditEntry& entry, std::string_view short_id);

/// Draws a call in one line with what it came to, and below it the notes of its decision and of its end.
void draw_call(Lines& lines, const RecordedCall& call, std::string_view short_id);

/// Returns the names of the columns of csv_row(), with a line end.
[[nodiscard]] std::string csv_header();

/// Returns one entry as a line of RFC 4180: every cell in quotes, the arguments and the metadata as JSON.
[[nodiscard]] std::string csv_row(const AuditEntry& entry);

/// The lines that a request takes.
struct DrawnRequest {
    std::size_t start = 0;
    std::size_t end = 0;  ///< after its last line
    bool is_whole = true;
};

/// Draws the requests of a page: those that wait in full, those that have ended in one line each. Asks `storage` how
/// short their ids may be. Returns the lines that the requests take, in their order.
std::vector<DrawnRequest> draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query,
                                            const RequestPage& page);

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page);

}  // namespace approvekit::terminal
