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

/// Adds a row with what a reviewer answered instead of letting a call run. A long answer is shortened. Adds none if
/// `answer` is null.
void draw_answer(Lines& lines, std::size_t indent, std::size_t widest_label, const Json& answer);

/// Returns the answer that the entry tells of, or null if there is none.
[[nodiscard]] Json answer_in(const AuditEntry& entry);

/// Adds a row for each path, with the value that a reviewer put there; none if `edits` is null. `who` comes before the
/// first row.
void draw_edits(Lines& lines, std::size_t indent, std::size_t widest_label, std::string_view who, const Json& edits);

/// Returns the paths that somebody may change: "args.body, args.cc".
[[nodiscard]] std::string listed_paths(const Screen& screen, const std::vector<std::string>& paths);

/// Draws how many have to approve, who may, and who has: "needs  2 of ada, bob, cy; ada has voted".
void draw_quorum(Lines& lines, std::size_t indent, std::size_t widest_label, const ApprovalRequest& request,
                 const Quorum& quorum);

/// Says what a grant lets run, how often and until when it still does, whose it is and whether it was revoked.
void draw_grant(Lines& lines, const Grant& grant);

/// Draws the grants, or says that there are none.
void draw_grants(Lines& lines, const std::vector<Grant>& grants);

/// Returns what somebody may grant: "up to 20 more like it within 8 h, which may differ in args.to".
[[nodiscard]] std::string grantable_text(const Screen& screen, const PolicyGrants& most);

}  // namespace approvekit::terminal
