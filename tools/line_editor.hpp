#pragma once

#include "approvekit/line_reader.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// Reads lines from a terminal with line editing: arrow keys, a history and completion. The history is only kept in
/// memory. Input between two lines is not echoed. The terminal is restored when this ends.
///
/// Not thread-safe; reads its locale from the environment for the thread that reads.
class LineEditor final : public LineReader {
public:
    /// `input` and `output` are the same terminal; once `stop` is readable, no more lines are read. All three file
    /// descriptors belong to the caller and must outlive this. Throws std::system_error.
    LineEditor(int input, int output, int stop);
    ~LineEditor() override;

    LineEditor(const LineEditor&) = delete;
    LineEditor& operator=(const LineEditor&) = delete;

    /// Whether standard input and output are a terminal with line editing, which is not the case if TERM is "dumb".
    [[nodiscard]] static bool is_possible();

    [[nodiscard]] std::optional<std::string> read(const std::string& prompt, Kind kind,
                                                  LineCompanion& companion) override;
    void forget_typed_ahead() override;

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::tools
