#pragma once

#include "approvekit/grant.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// What the command line says of grants: with `approve`, and for `grants` and `revoke`.
struct GrantCommands {
    enum class Command { list, revoke };

    std::int64_t uses = 0;
    std::string lasts;
    std::vector<std::string> free;
    std::vector<std::string> within;
    std::string id;
    bool all = false;

    /// Adds the options of what an approval grants.
    void add_options_to(CLI::App& approve);
    /// Adds the two commands to `app`; `chosen` is told which one the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);

    /// What is to be granted; nothing where no option says so. Throws Error (invalid_option) for what is not whole.
    [[nodiscard]] std::optional<GrantTerms> terms() const;
};

}  // namespace approvekit::tools
