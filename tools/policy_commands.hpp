#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/storage.hpp"
#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::tools {

/// Parses `text` as a time in UTC; returns nothing for an empty text. Throws Error (invalid_option), which names
/// `option`.
[[nodiscard]] std::optional<Time> time_from(const std::string& text, const std::string& option);

/// `policy explain`, `policy test` and `policy diff`: commands that need a policy file, and at most a record for the
/// use of limits.
struct PolicyCommands {
    std::string file;
    std::string other_file;
    std::string tool;
    std::string arguments;
    std::string context = "{}";
    std::string agent;
    std::string environment;
    std::string at;

    /// Opens the record that the command line names; empty if it names none.
    using Opening = std::function<std::shared_ptr<Storage>()>;
    using Command = ExitCode (PolicyCommands::*)(bool json, const Opening& open) const;
    /// Adds the subcommands to `policy`; `chosen` is called with the one that the command line names.
    void add_to(CLI::App& policy, const std::function<void(Command)>& chosen);

    // Each prints what it found, and throws Error (invalid_option) for input that cannot be read.
    [[nodiscard]] ExitCode explain(bool json, const Opening& open) const;
    [[nodiscard]] ExitCode test(bool json, const Opening& open) const;
    [[nodiscard]] ExitCode diff(bool json, const Opening& open) const;

private:
    /// As an agent in that environment passes it.
    [[nodiscard]] Json context_given() const;
};

}  // namespace approvekit::tools
