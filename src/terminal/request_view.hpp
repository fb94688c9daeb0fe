#pragma once

#include "approvekit/request.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string_view>

namespace approvekit::terminal {

/// How much of a request is drawn.
enum class Detail {
    queue,     ///< what a decision needs; very long arguments are cut, and it says so
    decision,  ///< what a decision needs, however long
    whole      ///< everything
};

/// A request with its arguments under its tool and `short_id`. Returns whether nothing of it was cut.
bool draw_request(Lines& lines, const ApprovalRequest& request, std::string_view short_id, Detail detail);

/// A request in one line with when it was made, and the notes below it.
void draw_request_line(Lines& lines, const ApprovalRequest& request, std::string_view short_id);

/// "Approved 3f2a91bc send_email."
void draw_decision(Lines& lines, const ApprovalRequest& request, std::string_view short_id);

/// "by ann (web)", "(sweep)": who did something and which way, quoted where a name could pose as more.
[[nodiscard]] std::string actor_text(const Screen& screen, std::string_view reviewer, std::string_view way);

/// "2026-01-31 09:05:00Z"
[[nodiscard]] std::string moment_text(Time time);

[[nodiscard]] Colour risk_colour(std::string_view risk) noexcept;

/// What is good news, bad news or neither.
[[nodiscard]] Colour status_colour(std::string_view status) noexcept;

}  // namespace approvekit::terminal
