#pragma once

#include "approvekit/request.hpp"
#include "terminal/screen.hpp"

#include <cstddef>

namespace approvekit::terminal {

/// Draws how many have to approve, who may, and who has: "needs  2 of ada, bob, cy; ada has voted".
void draw_quorum(Lines& lines, std::size_t indent, std::size_t widest_label, const ApprovalRequest& request,
                 const Quorum& quorum);

}  // namespace approvekit::terminal
