#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace approvekit::tools {

/// What the command line says for `audit archive`, `audit hold`, `audit release` and `audit holds`.
struct ArchiveCommands {
    enum class Command { archive, hold, release, list };

    Command chosen = Command::list;
    std::string before;
    std::string out;
    std::string id;
    std::string reason;
    bool all = false;

    /// Adds the four to `audit`; `choose` is told which one the command line names.
    void add_to(CLI::App& audit, const std::function<void(Command)>& choose);
};

}  // namespace approvekit::tools
