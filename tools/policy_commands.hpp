#pragma once

#include "approvekit/clock.hpp"
#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <optional>
#include <string>

namespace approvekit::tools {

/// The time that `text` is, in UTC; nothing for an empty one. Throws Error (invalid_option), which names `option`.
[[nodiscard]] std::optional<Time> time_from(const std::string& text, const std::string& option);

/// `policy explain`, `policy test` and `policy diff`: commands that need a policy file and no record.
struct PolicyCommands {
    std::string file;
    std::string other_file;
    std::string tool;
    std::string arguments;
    std::string context = "{}";
    std::string agent;
    std::string environment;
    std::string at;

    using Command = ExitCode (PolicyCommands::*)(bool json) const;
    /// Adds the subcommands to `policy`; `chosen` is told which one the command line names.
    void add_to(CLI::App& policy, const std::function<void(Command)>& chosen);

    // Each prints what it found, and throws Error (invalid_option) for what cannot be read.
    [[nodiscard]] ExitCode explain(bool json) const;
    [[nodiscard]] ExitCode test(bool json) const;
    [[nodiscard]] ExitCode diff(bool json) const;
};

}  // namespace approvekit::tools
