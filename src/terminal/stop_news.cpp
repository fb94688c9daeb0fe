#include "terminal/stop_news.hpp"

#include "terminal/stop_view.hpp"

#include <algorithm>
#include <utility>

namespace approvekit::terminal {
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
