#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/grant.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/request.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// Adds a row with what a reviewer answered instead of letting a call run, shortened where it is long; none for null.
void draw_answer(Lines& lines, std::size_t indent, std::size_t widest_label, const Json& answer);

/// What the entry tells of an answer; null: nothing.
[[nodiscard]] Json answer_in(const AuditEntry& entry);

/// Adds a row for each path with the value that a reviewer put there; none for null. `who` stands before the first.
void draw_edits(Lines& lines, std::size_t indent, std::size_t widest_label, std::string_view who, const Json& edits);

/// "args.body, args.cc", for who may change these.
[[nodiscard]] std::string listed_paths(const Screen& screen, const std::vector<std::string>& paths);

/// Draws how many have to approve, who may, and who has: "needs  2 of ada, bob, cy; ada has voted".
void draw_quorum(Lines& lines, std::size_t indent, std::size_t widest_label, const ApprovalRequest& request,
                 const Quorum& quorum);

/// Says of a grant what it lets run, how often and until when still, whose it is and whether it was revoked.
void draw_grant(Lines& lines, const Grant& grant);

/// The grants, or that there are none.
void draw_grants(Lines& lines, const std::vector<Grant>& grants);

/// "up to 20 more like it within 8 h, which may differ in args.to", for who may grant that.
[[nodiscard]] std::string grantable_text(const Screen& screen, const PolicyGrants& most);

}  // namespace approvekit::terminal
