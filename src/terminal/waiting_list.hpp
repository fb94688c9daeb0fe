#pragma once

#include "terminal/screen.hpp"
#include "terminal/waiting_requests.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

/// A line for each of `requests`, numbered from 1: short id, risk, time left, tool and the start of its arguments.
/// `storage` is asked for how short their ids may be.
void draw_waiting_list(Lines& lines, Storage& storage, const std::vector<const WaitingRequest*>& requests);

/// The same line without its number.
[[nodiscard]] std::string waiting_line(const Screen& screen, const WaitingRequest& request, std::string_view short_id,
                                       std::size_t width);

}  // namespace approvekit::terminal
