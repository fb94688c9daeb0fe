#pragma once

#include "approvekit/json.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// Parses the values of an option such as --set, each `args.body="Dear Ada"`: a path, and a value as JSON. Returns null
/// for none. Throws Error (invalid_option) for an invalid value, and for a path that is given twice.
[[nodiscard]] Json settings_of(const std::string& option, const std::vector<std::string>& settings);

/// The options of `answer`: a text, other JSON, or a file with the text.
struct AnswerWords {
    std::optional<std::string> text;
    std::optional<std::string> value;
    std::optional<std::string> file;

    /// Adds the options, exactly one of which must be given.
    void add_to(CLI::App& command);

    /// Returns the given answer. Throws Error (invalid_option) when none is given, for invalid JSON, and for a file
    /// that cannot be read or is larger than an answer may be.
    [[nodiscard]] Json read() const;
};

}  // namespace approvekit::tools
