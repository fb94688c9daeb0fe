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

/// The time that `text` is, in UTC; nothing for an empty one. Throws Error (invalid_option), which names `option`.
[[nodiscard]] std::optional<Time> time_from(const std::string& text, const std::string& option);

/// `policy explain`, `policy test` and `policy diff`: commands that need a policy file, and a record at most to say what is
/// used of limits.
struct PolicyCommands {
    std::string file;
    std::string other_file;
    std::string tool;
    std::string arguments;
    std::string context = "{}";
    std::string agent;
    std::string environment;
    std::string at;

    /// Opens the record that the command line names; empty where it names none.
    using Opening = std::function<std::shared_ptr<Storage>()>;
    using Command = ExitCode (PolicyCommands::*)(bool json, const Opening& open) const;
    /// Adds the subcommands to `policy`; `chosen` is told which one the command line names.
    void add_to(CLI::App& policy, const std::function<void(Command)>& chosen);

    // Each prints what it found, and throws Error (invalid_option) for what cannot be read.
    [[nodiscard]] ExitCode explain(bool json, const Opening& open) const;
    [[nodiscard]] ExitCode test(bool json, const Opening& open) const;
    [[nodiscard]] ExitCode diff(bool json, const Opening& open) const;

private:
    /// As an agent in that environment gives it.
    [[nodiscard]] Json context_given() const;
};

}  // namespace approvekit::tools
