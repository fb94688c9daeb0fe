#pragma once

#include "approvekit/storage.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <vector>

namespace approvekit::terminal {

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
