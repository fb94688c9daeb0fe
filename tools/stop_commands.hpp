#pragma once

#include "approvekit/stop.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace approvekit::tools {

/// The options of `stop`, `resume` and `stops`.
struct StopCommands {
    enum class Command { stop, resume, list };

    StopOrder order;
    std::string id;
    bool all = false;

    /// Adds the three commands to `app`; `chosen` is called with the one that the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);
};

}  // namespace approvekit::tools
