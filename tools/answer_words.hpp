#pragma once

#include "approvekit/json.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace approvekit::tools {

/// What the command line says for `answer`: a text, other JSON, or the file that has the text.
struct AnswerWords {
    std::optional<std::string> text;
    std::optional<std::string> value;
    std::optional<std::string> file;

    /// Adds the options, of which one is to be given.
    void add_to(CLI::App& command);

    /// What was given. Throws Error (invalid_option) for nothing, for what is not JSON, and for a file that cannot be read or is larger
    /// than an answer may be.
    [[nodiscard]] Json read() const;
};

}  // namespace approvekit::tools
