#pragma once

#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace approvekit::tools {

/// The options of `database init`, `database upgrade` and `database copy`.
struct DatabaseCommands {
    enum class Command { init, upgrade, copy };

    Command chosen = Command::init;
    int lanes = 8;
    std::string role = "approvekit_agent";
    std::string from;  ///< each a file or the address of a server
    std::string to;

    /// Adds the commands to `app`; `choose` is called with the one that the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& choose);

    /// Runs the chosen command. Throws Error (invalid_option) when the database to create or upgrade is not on a
    /// server, and what creating, upgrading or copying throws.
    [[nodiscard]] ExitCode run(const std::string& database) const;
};

}  // namespace approvekit::tools
