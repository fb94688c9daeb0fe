#pragma once

#include "approvekit/json.hpp"
#include "samples.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::bench {

enum class Unit { ratio, nanoseconds, percent, megabytes, count };

/// The limit that a figure should keep.
struct Goal {
    enum class Sense { at_most, at_least };

    double limit = 0;
    Sense sense = Sense::at_most;
    /// The figure that docs/performance.md gives instead, if it misses the limit there too.
    std::optional<double> known_figure = {};

    /// How far `value` is off: above 1 it misses the goal.
    [[nodiscard]] double miss(double value) const { return sense == Sense::at_most ? value / limit : limit / value; }
    /// How far it is off what is known.
    [[nodiscard]] double surprise(double value) const {
        return Goal{.limit = known_figure.value_or(limit), .sense = sense}.miss(value);
    }
};

inline Goal at_most(double limit, std::optional<double> known_figure = {}) {
    return {limit, Goal::Sense::at_most, known_figure};
}
inline Goal at_least(double limit) {
    return {limit, Goal::Sense::at_least};
}

/// The median and the tail of some samples.
struct Spread {
    std::chrono::nanoseconds p50{};
    std::chrono::nanoseconds p99{};

    Spread(const Samples& samples) : p50(samples.median()), p99(samples.quantile(0.99)) {}
};

/// One measured figure, and what it is based on.
struct Figure {
    std::string what;
    double value = 0;  ///< in `unit`
    Unit unit = Unit::ratio;
    std::optional<Goal> goal = {};
    std::optional<Spread> ours = {};
    std::optional<Spread> bare = {};
    std::string note = {};

    [[nodiscard]] bool is_met() const { return !goal || goal->miss(value) <= 1; }
};

/// Collects figures.
class Report {
public:
    /// Prints each figure as soon as it is added.
    explicit Report(std::ostream& out);

    void add(Figure figure);

    [[nodiscard]] std::size_t size() const noexcept { return figures_.size(); }

    /// Whether the figures from the one with this index on meet their goals.
    [[nodiscard]] bool meets_all_goals(std::size_t from) const;

    /// Whether a ratio from that index on is off its goal, or the figure that is known instead, by more than `factor`.
    /// Ratios mean something on a busy machine too.
    [[nodiscard]] bool has_ratio_off_by(double factor, std::size_t from) const;

    /// Drops the figures from that index on, since a ratio among them is far off, and says so.
    void measure_again_from(std::size_t from);

    [[nodiscard]] Json as_json() const;

private:
    std::ostream& out_;
    std::vector<Figure> figures_;
};

/// The median of ours divided by the median of the bare counterpart.
[[nodiscard]] Figure ratio(std::string what, const Comparison& comparison, std::optional<Goal> goal = {});

/// A duration, compared with a limit.
[[nodiscard]] Figure duration(std::string what, std::chrono::nanoseconds value, const Samples& samples,
                              std::optional<std::chrono::nanoseconds> limit = {});

}  // namespace approvekit::bench
