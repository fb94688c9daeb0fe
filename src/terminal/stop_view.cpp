#include "terminal/stop_view.hpp"

#include "terminal/request_view.hpp"

#include <cstddef>
#include <string>

namespace approvekit::terminal {
namespace {

constexpr std::size_t short_id_length = 8;

std::string scope_text(const Screen& screen, const Stop& stop) {
    const std::string tools = stop.tool == "*" ? "every tool" : screen.name(stop.tool);
    return tools + (stop.agent == "*" ? " of every agent" : " of " + screen.name(stop.agent));
}

}  // namespace

void draw_stop(Lines& lines, const Stop& stop) {
    const Screen& screen = lines.screen();
    std::string text = stop.in_force() ? "Stopped  " : "Lifted   ";
    text += screen.name(std::string_view(stop.id).substr(0, short_id_length)) + "  " + scope_text(screen, stop) + "  " +
            actor_text(screen, stop.reviewer, stop.way) + ", " + moment_text(stop.since);
    if (!stop.in_force()) {
        text += "; lifted " + actor_text(screen, stop.ended_by, stop.ended_way) + ", " + moment_text(*stop.ended_at);
    }
    lines.add(0, text, stop.in_force() ? Colour::red : Colour::plain, 4);
    lines.add_notes(4, stop.reason);
}

void draw_stops(Lines& lines, const std::vector<Stop>& stops) {
    if (stops.empty()) lines.add(0, "No stop is in force.");
    for (const Stop& stop : stops)
        draw_stop(lines, stop);
}

void draw_stops_above(Lines& lines, const std::vector<Stop>& in_force) {
    if (in_force.empty()) return;
    draw_stops(lines, in_force);
    lines.add(0, "What they cover waits after its approval until they are lifted.");
    lines.add(0, "");
}

}  // namespace approvekit::terminal
