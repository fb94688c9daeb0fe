#include "terminal/statistics_view.hpp"

#include "terminal/layout.hpp"
#include "terminal/short_text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace approvekit::terminal {
namespace {

constexpr std::size_t most_rows = 20;

/// Rows of cells in columns as wide as their widest cell. The first column is aligned left, all others right.
class Table {
public:
    explicit Table(std::vector<std::string> heads) : rows_{std::move(heads)} {}

    void add(std::vector<std::string> cells) {
        if (rows_.size() <= most_rows) rows_.push_back(std::move(cells));
        ++added_;
    }

    void draw(Lines& lines) const {
        for (const std::vector<std::string>& row : rows_) {
            std::string text = pad(row[0], width_of(0));
            for (std::size_t column = 1; column < row.size(); ++column)
                text += "  " + std::string(width_of(column) - columns(row[column]), ' ') + row[column];
            lines.add(0, text, &row == &rows_.front() ? Colour::bold : Colour::plain, 4);
        }
        if (added_ > most_rows) lines.add(0, "and " + std::to_string(added_ - most_rows) + " more: --json");
        lines.add(0, "");
    }

private:
    [[nodiscard]] std::size_t width_of(std::size_t column) const {
        std::size_t width = 0;
        for (const std::vector<std::string>& row : rows_)
            width = std::max(width, columns(row[column]));
        return width;
    }

    std::vector<std::vector<std::string>> rows_;
    std::size_t added_ = 0;
};

std::string brief_duration(std::chrono::microseconds duration) {
    if (duration >= std::chrono::seconds(10)) return duration_text(duration);
    const auto tenths = std::chrono::round<std::chrono::milliseconds>(duration).count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string name_cell(const Screen& screen, const std::string& name) {
    return shorten(name == "(others)" ? name : screen.name(name), std::max<std::size_t>(screen.width / 3, 10));
}

template <typename Figures>
bool has_answers(const std::vector<Figures>& all) {
    return std::any_of(all.begin(), all.end(), [](const Figures& figures) { return figures.answered > 0; });
}

/// Adds a column at the end if there is anything to say in it.
std::vector<std::string> with_answers(std::vector<std::string> cells, bool any, std::string cell) {
    if (any) cells.push_back(std::move(cell));
    return cells;
}

void draw_days(Lines& lines, const std::vector<DayFigures>& days) {
    const bool any = has_answers(days);
    Table table(with_answers({"day", "asked", "approved", "rejected", "timeout", "cancelled", "by policy", "denied"},
                             any, "answered"));
    for (const DayFigures& day : days) {
        std::vector<std::string> cells{day.day};
        for (const std::size_t count :
             {day.asked, day.approved, day.rejected, day.timed_out, day.cancelled, day.allowed, day.denied})
            cells.push_back(std::to_string(count));
        cells = with_answers(std::move(cells), any, std::to_string(day.answered));
        table.add(std::move(cells));
    }
    table.draw(lines);
}

void draw_decisions(Lines& lines, const std::string& head, const std::vector<DecisionFigures>& all) {
    const bool any = has_answers(all);
    Table table(with_answers({head, "approved", "rejected", "median", "p90", "within 1 s"}, any, "answered"));
    for (const DecisionFigures& figures : all) {
        std::vector<std::string> cells{name_cell(lines.screen(), figures.name),
                                       std::to_string(figures.approved),
                                       std::to_string(figures.rejected),
                                       brief_duration(figures.median),
                                       brief_duration(figures.p90),
                                       std::to_string(figures.approved_within_a_second)};
        table.add(with_answers(std::move(cells), any, std::to_string(figures.answered)));
    }
    table.draw(lines);
}

void draw_rules(Lines& lines, const std::vector<RuleFigures>& rules) {
    if (rules.empty()) return;
    Table table({"never rejected", "asked", "approved"});
    for (const RuleFigures& rule : rules) {
        const Screen& screen = lines.screen();
        const std::string name = screen.name(rule.tool) + (rule.rule.empty() ? "" : " by " + screen.quote(rule.rule));
        table.add({shorten(name, std::max<std::size_t>(screen.width / 2, 10)), std::to_string(rule.asked),
                   std::to_string(rule.approved)});
    }
    table.draw(lines);
}

}  // namespace

void draw_statistics(Lines& lines, const ReviewStatistics& statistics) {
    if (statistics.days.empty()) return lines.add(0, "Nothing is recorded for this time.");
    draw_days(lines, statistics.days);
    if (statistics.tools.empty()) return lines.add(0, "Nobody decided anything.");
    draw_decisions(lines, "tool", statistics.tools);
    draw_decisions(lines, "reviewer", statistics.reviewers);
    draw_rules(lines, statistics.never_rejected);
    const DecisionFigures& all = statistics.all;
    lines.add(0, "Of " + std::to_string(all.approved) + " approvals, " + std::to_string(all.approved_within_a_second) +
                     " came within a second. Half of all decisions took " + brief_duration(all.median) +
                     " at most, nine of ten " + brief_duration(all.p90) + ".");
    if (all.approved_unseen > 0)
        lines.add(0, std::to_string(all.approved_unseen) + " approvals were given before all of it was on the screen.");
}

}  // namespace approvekit::terminal
