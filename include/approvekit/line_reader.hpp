#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// What takes part in a line while a person types it. Called by LineReader::read on its own thread, between two keys.
class LineCompanion {
public:
    virtual ~LineCompanion() = default;

    /// What is to be said above the line now, in whole lines; empty: nothing.
    [[nodiscard]] virtual std::string news() = 0;

    /// A file that poll() finds readable when there may be news; the companion's own. -1: there is none.
    [[nodiscard]] virtual int news_file() const noexcept = 0;

    /// The whole words that the last word of `before`, the line up to the cursor, may become. Safe to show as they are.
    [[nodiscard]] virtual std::vector<std::string> completions(std::string_view before) = 0;

    /// Whether `line`, a command, may be had again from the history without having been typed again.
    [[nodiscard]] virtual bool may_come_back(std::string_view line) const = 0;
};

/// Where the lines of a prompt come from: a terminal on which a line can be edited, or a test. Not thread-safe.
class LineReader {
public:
    /// What a line is for. A note is neither completed nor remembered.
    enum class Kind { command, note };

    virtual ~LineReader() = default;

    /// Asks for a line with `prompt`, which is safe to show, and returns it without its end. Nothing when the person
    /// leaves, by the end of input for one; what was typed of a line is dropped then. Throws what `companion` throws.
    [[nodiscard]] virtual std::optional<std::string> read(const std::string& prompt, Kind kind,
                                                          LineCompanion& companion) = 0;

    /// What was typed before this, and was not read yet, answers nothing that is shown after it. May wait until nothing
    /// has been typed for a moment.
    virtual void forget_typed_ahead() = 0;
};

}  // namespace approvekit
