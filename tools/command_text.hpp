#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace approvekit::tools {

/// An option, or an argument without a name, in words.
struct OptionText {
    std::vector<std::string> names;  ///< "--json"; for an argument its only name, "FILE"
    std::string value;               ///< what follows it, "FILE"; empty for a flag
    std::vector<std::string> choices;
    std::string description;
    bool repeats = false;

    [[nodiscard]] bool takes_value() const noexcept { return !value.empty(); }
    [[nodiscard]] bool takes_file() const { return value.find("FILE") != std::string::npos; }
};

/// A program or one of its commands, as defined by its command line. Completions and manual pages are generated from
/// it.
struct CommandText {
    std::string name;
    std::string description;
    std::string footer;
    std::vector<OptionText> options;
    std::vector<OptionText> arguments;
    std::vector<CommandText> commands;
};

[[nodiscard]] CommandText text_of(const CLI::App& app);

/// Adds --completion and --manual, which print the files that `tools` installs for shells and man.
void add_self_description(CLI::App& app);

}  // namespace approvekit::tools
