#include "terminal/waiting_list.hpp"

#include "terminal/layout.hpp"
#include "terminal/request_view.hpp"
#include "terminal/short_text.hpp"

#include <algorithm>

namespace approvekit::terminal {
namespace {

constexpr std::size_t risk_width = 8;
constexpr std::size_t time_width = 10;

std::string time_left_text(const Screen& screen, const WaitingRequest& request) {
    return request.ends_at ? duration_text(*request.ends_at - screen.now) : "no end";
}

}  // namespace

std::string waiting_line(const Screen& screen, const WaitingRequest& request, std::string_view short_id,
                         std::size_t width) {
    const std::string risk = request.risk.empty() ? "-" : shorten(screen.name(request.risk), risk_width);
    std::string text = shorten(screen.name(short_id), width / 3) + "  ";
    text += screen.paint(risk_colour(request.risk), pad(risk, risk_width)) + "  " +
            pad(time_left_text(screen, request), time_width) + "  ";
    // Escaped for a terminal that reads UTF-8; another one gets the name alone.
    const bool has_summary = screen.charset == text::Charset::unicode && !request.summary.empty();
    text += screen.name(request.tool) + (has_summary ? "  " + request.summary : "");
    return shorten(text, width);
}

void draw_waiting_list(Lines& lines, Storage& storage, const std::vector<const WaitingRequest*>& requests) {
    const Screen& screen = lines.screen();
    const std::size_t number_width = std::to_string(requests.size()).size();
    for (std::size_t index = 0; index < requests.size(); ++index) {
        const std::string number = std::to_string(index + 1);
        const std::string margin = std::string(number_width - number.size(), ' ') + number + "  ";
        const WaitingRequest& request = *requests[index];
        const std::size_t room = screen.width - std::min(screen.width - 3, margin.size());
        const std::string line = waiting_line(screen, request, short_id(storage, request.id), room);
        lines.add(0, margin + line);
    }
}

}  // namespace approvekit::terminal
