#pragma once

#include "approvekit/request.hpp"
#include "terminal/screen.hpp"

#include <cstddef>
#include <string_view>

namespace approvekit::terminal {

/// How much of a request is drawn.
enum class Detail {
    queue,     ///< what a decision needs; very long arguments are cut, which is said
    decision,  ///< what a decision needs, however long
    whole      ///< everything
};

/// Draws a request with its arguments, under its tool and `short_id`. Returns whether nothing was cut.
bool draw_request(Lines& lines, const ApprovalRequest& request, std::string_view short_id, Detail detail);

/// Draws a request in one line with the time at which it was made, and its notes below.
void draw_request_line(Lines& lines, const ApprovalRequest& request, std::string_view short_id);

/// Draws for example "Approved 3f2a91bc send_email."
void draw_decision(Lines& lines, const ApprovalRequest& request, std::string_view short_id);

/// Returns who did something and in which way: "by ann (web)", "(sweep)". A name that could pose as more is quoted.
[[nodiscard]] std::string actor_text(const Screen& screen, std::string_view reviewer, std::string_view way);

/// Returns for example "2026-01-31 09:05:00Z".
[[nodiscard]] std::string moment_text(Time time);

[[nodiscard]] Colour risk_colour(std::string_view risk) noexcept;

/// Returns the colour of good news, bad news or neither.
[[nodiscard]] Colour status_colour(std::string_view status) noexcept;

}  // namespace approvekit::terminal
