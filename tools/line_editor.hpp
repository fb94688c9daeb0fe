#pragma once

#include "approvekit/line_reader.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// Reads lines from a terminal on which they can be edited: with arrow keys, a history and completion. The history is
/// kept in memory alone. The terminal shows nothing of what is typed between two lines, and is as before when this ends.
///
/// Not thread-safe; reads its locale from the environment for the thread that reads.
class LineEditor final : public LineReader {
public:
    /// `input` and `output` are the same terminal; no line is read any more from when `stop` is readable. All are files
    /// of the caller's, which outlive this. Throws std::system_error.
    LineEditor(int input, int output, int stop);
    ~LineEditor() override;

    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    /// Whether standard input and output are a terminal on which a line can be edited: not one that TERM calls "dumb".
    [[nodiscard]] static bool is_possible();

    [[nodiscard]] std::optional<std::string> read(const std::string& prompt, Kind kind,
                                                  LineCompanion& companion) override;
    void forget_typed_ahead() override;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::tools
