#pragma once

#include "approvekit/json.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// What the words behind an option such as --set say, each `args.body="Dear Ada"`: a path, and a value as JSON. Null for
/// none. Throws Error (invalid_option) for what is not so, and for a path that is given twice.
[[nodiscard]] Json settings_of(const std::string& option, const std::vector<std::string>& settings);

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
