#pragma once

#include "approvekit/audit_archive.hpp"
#include "approvekit/json.hpp"
#include "terminal/screen.hpp"

#include <vector>

namespace approvekit::terminal {

/// Says what an archive holds, and what is left of that in the record.
void draw_archive(Lines& lines, const ArchiveResult& result);
[[nodiscard]] Json to_json_view(const ArchiveResult& result);

/// Says what a hold covers, whose it is, since when and why.
void draw_hold(Lines& lines, const AuditHold& hold);
/// Draws the holds, or says that there are none.
void draw_holds(Lines& lines, const std::vector<AuditHold>& holds);

}  // namespace approvekit::terminal
