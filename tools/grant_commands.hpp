#pragma once

#include "approvekit/grant.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::tools {

/// The options about grants: of `approve`, `grants` and `revoke`.
struct GrantCommands {
    enum class Command { list, revoke };

    std::int64_t uses = 0;
    std::string lasts;
    std::vector<std::string> free;
    std::vector<std::string> within;
    std::string id;
    bool all = false;

    /// Adds the options for what an approval grants.
    void add_options_to(CLI::App& approve);
    /// Adds the two commands to `app`; `chosen` is called with the one that the command line names.
    void add_to(CLI::App& app, const std::function<void(Command)>& chosen);

    /// Returns the grant; nothing when no option asks for one. Throws Error (invalid_option) when it is incomplete.
    [[nodiscard]] std::optional<GrantTerms> terms() const;
};

}  // namespace approvekit::tools
