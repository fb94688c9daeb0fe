#pragma once

#include "approvekit/grant.hpp"
#include "approvekit/policy.hpp"
#include "terminal/screen.hpp"

#include <string>
#include <vector>

namespace approvekit::terminal {

/// Says of a grant what it lets run, how often and until when still, whose it is and whether it was revoked.
void draw_grant(Lines& lines, const Grant& grant);

/// The grants, or that there are none.
void draw_grants(Lines& lines, const std::vector<Grant>& grants);

/// "up to 20 more like it within 8 h, which may differ in args.to", for who may grant that.
[[nodiscard]] std::string grantable_text(const Screen& screen, const PolicyGrants& most);

}  // namespace approvekit::terminal
