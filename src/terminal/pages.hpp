#pragma once

#include "approvekit/storage.hpp"
#include "terminal/screen.hpp"

namespace approvekit::terminal {

/// Draws the requests of a page, what waits in full and what has ended in a line. `storage` is asked for how short
/// their ids may be.
void draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query, const RequestPage& page);

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page);

}  // namespace approvekit::terminal
