#include "report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>
#include <span>
#include <utility>

namespace approvekit::bench {
namespace {

constexpr std::array<int, 8> widths{-58, 9, 9, 9, 9, 9, 10, -7};

template <typename... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string number(double value) {
    const double size = value < 0 ? -value : value;
    return print(size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f", value);
}

std::string time_text(double nanoseconds) {
    constexpr std::array units{std::pair{1e9, " s"}, std::pair{1e6, " ms"}, std::pair{1e3, " us"}};
    for (const auto& [size, name] : units) {
        if (nanoseconds >= size || -nanoseconds >= size) return number(nanoseconds / size) + name;
    }
    return number(nanoseconds) + " ns";
}

std::string text(double value, Unit unit) {
    switch (unit) {
        case Unit::ratio:
            return number(value) + " x";
        case Unit::nanoseconds:
            return time_text(value);
        case Unit::percent:
            return number(value) + " %";
        case Unit::megabytes:
            return number(value) + " MB";
        case Unit::count:
            break;
    }
    return number(value);
}

const char* name(Unit unit) {
    switch (unit) {
        case Unit::ratio:
            return "ratio";
        case Unit::nanoseconds:
            return "nanoseconds";
        case Unit::percent:
            return "percent";
        case Unit::megabytes:
            return "megabytes";
        case Unit::count:
            break;
    }
    return "count";
}

std::string text(const std::optional<Goal>& goal, Unit unit) {
    if (!goal) return "";
    return (goal->sense == Goal::Sense::at_most ? "<= " : ">= ") + text(goal->limit, unit);
}

std::string line(const std::array<std::string, widths.size()>& cells) {
    std::string result;
    for (std::size_t column = 0; column < widths.size(); ++column) {
        const std::string& cell = cells[column];
        const auto width = static_cast<std::size_t>(std::abs(widths[column]));
        const std::string padding(width - std::min(width, cell.size()), ' ');
        result += (column > 0 ? "  " : "") + (widths[column] < 0 ? cell + padding : padding + cell);
    }
    return result.erase(result.find_last_not_of(' ') + 1);
}

std::string part(const std::optional<Spread>& spread, std::chrono::nanoseconds Spread::*member) {
    return spread ? time_text(static_cast<double>(((*spread).*member).count())) : "";
}

std::string line(const Figure& figure) {
    return line({figure.what, part(figure.ours, &Spread::p50), part(figure.ours, &Spread::p99),
                 part(figure.bare, &Spread::p50), part(figure.bare, &Spread::p99), text(figure.value, figure.unit),
                 text(figure.goal, figure.unit), figure.goal ? (figure.is_met() ? "met" : "MISSED") : figure.note});
}

Json as_json(const Spread& spread) {
    return {{"p50_ns", spread.p50.count()}, {"p99_ns", spread.p99.count()}};
}

Json as_json(const Figure& figure) {
    Json json = {{"what", figure.what}, {"value", figure.value}, {"unit", name(figure.unit)}};
    if (figure.goal) {
        json[figure.goal->sense == Goal::Sense::at_most ? "at_most" : "at_least"] = figure.goal->limit;
        json["met"] = figure.is_met();
    }
    if (figure.ours) json["ours"] = as_json(*figure.ours);
    if (figure.bare) json["bare"] = as_json(*figure.bare);
    if (!figure.note.empty()) json["note"] = figure.note;
    return json;
}

}  // namespace

Report::Report(std::ostream& out) : out_(out) {
    out_ << line({"what", "ours p50", "p99", "bare p50", "p99", "figure", "goal", "verdict"}) << std::endl;
}

void Report::add(Figure figure) {
    out_ << line(figure) << std::endl;
    figures_.push_back(std::move(figure));
}

bool Report::meets_all_goals(std::size_t from) const {
    const auto figures = std::span(figures_).subspan(from);
    return std::all_of(figures.begin(), figures.end(), [](const Figure& figure) { return figure.is_met(); });
}

bool Report::has_ratio_off_by(double factor, std::size_t from) const {
    const auto figures = std::span(figures_).subspan(from);
    return std::any_of(figures.begin(), figures.end(), [&](const Figure& figure) {
        return figure.unit == Unit::ratio && figure.goal && figure.goal->surprise(figure.value) > factor;
    });
}

void Report::measure_again_from(std::size_t from) {
    figures_.erase(figures_.begin() + static_cast<std::ptrdiff_t>(from), figures_.end());
    out_ << "measured again, since a ratio is far off" << std::endl;
}

Json Report::as_json() const {
    Json list = Json::array();
    for (const Figure& figure : figures_)
        list.push_back(bench::as_json(figure));
    return list;
}

Figure ratio(std::string what, const Comparison& comparison, std::optional<Goal> goal) {
    Figure figure{.what = std::move(what), .goal = goal, .ours = comparison.ours, .bare = comparison.bare};
    figure.value =
        static_cast<double>(comparison.ours.median().count()) / static_cast<double>(comparison.bare.median().count());
    return figure;
}

Figure duration(std::string what, std::chrono::nanoseconds value, const Samples& samples,
                std::optional<std::chrono::nanoseconds> limit) {
    Figure figure{.what = std::move(what), .unit = Unit::nanoseconds, .ours = samples};
    figure.value = static_cast<double>(value.count());
    if (limit) figure.goal = at_most(static_cast<double>(limit->count()));
    return figure;
}

}  // namespace approvekit::bench
