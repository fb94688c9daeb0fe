#pragma once

#include "approvekit/storage.hpp"
#include "terminal/screen.hpp"

#include <set>
#include <string>

namespace approvekit::terminal {

/// Draws the requests of a page, what waits in full and what has ended in a line. `storage` is asked for how short
/// their ids may be. Returns the ids of those that wait and had to be cut.
std::set<std::string> draw_request_page(Lines& lines, Storage& storage, const RequestQuery& query,
                                        const RequestPage& page);

void draw_audit_page(Lines& lines, Storage& storage, const AuditPage& page);

}  // namespace approvekit::terminal
