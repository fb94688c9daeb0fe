#pragma once

#include "approvekit/stop.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace approvekit::tools {

/// What the command line says for `stop`, `resume` and `stops`.
struct StopCommands {
    enum class Command { stop, resume, list };

    StopOrder order;
    std::string id;
    bool all = false;

    /// Adds the three to `app`; `chosen` is told which one the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);
};

}  // namespace approvekit::tools
