#pragma once

#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// What the command line says of the people who may decide at a server of several reviewers. Needs no database.
struct ReviewersCommands {
    /// Each prints what it did; throws Error as ReviewersFile does.
    using Command = ExitCode (ReviewersCommands::*)(bool json) const;

    std::string file;
    std::string name;
    std::vector<std::string> groups;
    std::string address = "http://127.0.0.1:8765";
    std::string policy;

    /// Adds `invite`, and `reviewers` with its commands, to `app`; `chosen` is told which one the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);

    [[nodiscard]] ExitCode invite(bool json) const;
    /// With a policy, also where its groups and those of the file differ, of which ExitCode::problems tells.
    [[nodiscard]] ExitCode list(bool json) const;
    [[nodiscard]] ExitCode remove(bool json) const;

private:
    [[nodiscard]] std::string link_of(const std::string& key) const;
};

}  // namespace approvekit::tools
