#pragma once

#include "exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// The commands about the people who may decide at a server for several reviewers. They need no database.
struct ReviewersCommands {
    /// Each prints what it did; throws Error as ReviewersFile does.
    using Command = ExitCode (ReviewersCommands::*)(bool json) const;

    std::string file;
    std::string name;
    std::vector<std::string> groups;
    std::string address = "http://127.0.0.1:8765";
    std::string policy;

    /// Adds `invite`, and `reviewers` with its commands, to `app`; `chosen` is called with the one that the command
    /// line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);

    [[nodiscard]] ExitCode invite(bool json) const;
    /// With a policy, also prints where its groups and those of the file differ; then returns ExitCode::problems.
    [[nodiscard]] ExitCode list(bool json) const;
    [[nodiscard]] ExitCode remove(bool json) const;

private:
    [[nodiscard]] std::string link_of(const std::string& key) const;
};

}  // namespace approvekit::tools
