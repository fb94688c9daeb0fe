#pragma once

#include "approvekit/clock.hpp"
#include "text/escape.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::terminal {

enum class Colour { plain, bold, dim, red, green, yellow, cyan };

/// Colours text if colours are wanted, and otherwise leaves it alone. A value.
class Paint {
public:
    explicit Paint(bool on) noexcept : on_(on) {}

    [[nodiscard]] std::string operator()(Colour colour, std::string_view text) const;

private:
    bool on_;
};

/// What everything that is drawn for a person has to fit. A value.
struct Screen {
    std::size_t width = 80;   ///< the width for which lines are drawn; at least 30
    std::size_t columns = 0;  ///< the real width of the window; 0 if it is the same
    std::size_t height = 0;   ///< 0 if there is no limit
    text::Charset charset = text::Charset::unicode;
    Paint paint{false};
    Time now{};

    [[nodiscard]] std::string quote(std::string_view text) const { return text::quote(text, charset); }
    [[nodiscard]] std::string name(std::string_view text) const { return text::name_text(text, charset); }

    /// Returns how many rows of the window `line` takes, whatever width it was drawn for.
    [[nodiscard]] std::size_t rows_of(std::string_view line) const noexcept;
};

/// The lines of a screen, put together in order and indented by whole columns.
class Lines {
public:
    explicit Lines(const Screen& screen) : screen_(screen) {}

    [[nodiscard]] const Screen& screen() const noexcept { return screen_; }

    /// Adds `text`, which must be escaped, wrapped to the screen. All lines but the first are indented by `hanging`
    /// more columns.
    void add(std::size_t indent, std::string_view text, Colour colour = Colour::plain, std::size_t hanging = 0);

    /// Adds `label` in `label_width` columns, and after it `text`, wrapped in its own column.
    void add_row(std::size_t indent, std::string_view label, std::size_t label_width, std::string_view text,
                 Colour colour = Colour::plain);

    /// Does the same for a text in several parts, each of which starts on a new line.
    void add_row(std::size_t indent, std::string_view label, std::size_t label_width,
                 const std::vector<std::string>& parts, Colour colour = Colour::plain);

    /// Adds what somebody wrote, in quotes, each of its lines on a new one. Adds nothing if the text is empty.
    void add_notes(std::size_t indent, std::string_view notes);

    [[nodiscard]] std::size_t size() const noexcept { return lines_.size(); }

    /// Removes all lines after the first `size`.
    void cut(std::size_t size) { lines_.resize(size); }

    /// Returns the line at `index`, without its line end.
    [[nodiscard]] const std::string& line(std::size_t index) const { return lines_.at(index); }

    /// Returns all lines, each with a newline at its end.
    [[nodiscard]] std::string text() const { return text(0, lines_.size()); }

    /// Returns the lines from `first` up to but not including `end`.
    [[nodiscard]] std::string text(std::size_t first, std::size_t end) const;

private:
    [[nodiscard]] std::size_t room(std::size_t indent) const noexcept;

    Screen screen_;
    std::vector<std::string> lines_;
};

}  // namespace approvekit::terminal
