#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

/// Called by LineReader::read while a person types a line, on read's own thread, between two key presses.
class LineCompanion {
public:
    virtual ~LineCompanion() = default;

    /// Text to print above the line now, in whole lines; empty: nothing.
    [[nodiscard]] virtual std::string news() = 0;

    /// A file descriptor that poll() reports readable when there may be news; owned by the companion. -1: there is
    /// none.
    [[nodiscard]] virtual int news_file() const noexcept = 0;

    /// The possible completions, as whole words, of the last word of `before`, the line up to the cursor. Safe to print
    /// unescaped.
    [[nodiscard]] virtual std::vector<std::string> completions(std::string_view before) = 0;

    /// Whether the command `line` may be recalled from the history.
    [[nodiscard]] virtual bool may_come_back(std::string_view line) const = 0;
};

/// The source of a prompt's lines: a terminal with line editing, or a test. Not thread-safe.
class LineReader {
public:
    /// What a line is for. A note is neither completed nor put into the history.
    enum class Kind { command, note };

    virtual ~LineReader() = default;

    /// Shows `prompt`, which must be safe to print, and returns a line without its line end. Returns nothing when the
    /// person leaves, for instance by end of input; a partly typed line is dropped then. Throws what `companion`
    /// throws.
    [[nodiscard]] virtual std::optional<std::string> read(const std::string& prompt, Kind kind,
                                                          LineCompanion& companion) = 0;

    /// Discards what was typed but not read yet, so that it cannot answer what is shown after this. May wait until
    /// nothing has been typed for a moment.
    virtual void forget_typed_ahead() = 0;
};

}  // namespace approvekit
