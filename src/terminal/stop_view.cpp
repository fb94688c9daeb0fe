#include "terminal/stop_view.hpp"

#include "terminal/request_view.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

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
    lines.add(0, "Calls that they cover wait, even if approved, until they are lifted.");
    lines.add(0, "");
}

namespace {

const Stop* with_id_of(const Stop& stop, const std::vector<Stop>& stops) {
    const auto found = std::find_if(stops.begin(), stops.end(), [&](const Stop& each) { return each.id == stop.id; });
    return found == stops.end() ? nullptr : &*found;
}

}  // namespace

void StopNews::draw(Lines& lines) {
    told_ = reviewer_.stops();
    draw_stops_above(lines, told_);
}

void StopNews::draw_changes(Lines& lines) {
    std::vector<Stop> in_force = reviewer_.stops();
    const auto is_over = [&](const Stop& stop) { return with_id_of(stop, in_force) == nullptr; };
    const bool has_ended = std::any_of(told_.begin(), told_.end(), is_over);
    const std::vector<Stop> all = has_ended ? reviewer_.stops(StopList::all) : std::vector<Stop>();
    for (const Stop& stop : told_) {
        if (is_over(stop)) draw_end(lines, stop, all);
    }
    for (const Stop& stop : in_force) {
        if (with_id_of(stop, told_) == nullptr) draw_stop(lines, stop);
    }
    told_ = std::move(in_force);
}

void StopNews::draw_end(Lines& lines, const Stop& known, const std::vector<Stop>& all) const {
    const Stop* const ended = with_id_of(known, all);
    if (ended != nullptr) return draw_stop(lines, *ended);
    lines.add(0, "Gone from the list of stops, and nobody lifted it:", Colour::yellow);
    draw_stop(lines, known);
}

}  // namespace approvekit::terminal
