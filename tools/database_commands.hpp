#pragma once

#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace approvekit::tools {

/// What the command line says for `database init` and `database upgrade`.
struct DatabaseCommands {
    enum class Command { init, upgrade, copy };

    Command chosen = Command::init;
    int lanes = 8;
    std::string role = "approvekit_agent";
    std::string from;  ///< each a file or the address of a server
    std::string to;

    /// Adds them to `app`; `choose` is told which one the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& choose);

    /// Does what was chosen. Throws Error (invalid_option) for a database to make or upgrade that is not on a server, and what
    /// making, upgrading or copying throws.
    [[nodiscard]] ExitCode run(const std::string& database) const;
};

}  // namespace approvekit::tools
