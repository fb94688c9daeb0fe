#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// Which calls are to be stopped, and why: `kit.stop({.reason = "wrong recipients", .tool = "mail.*"})`. A plain value.
///
/// In both patterns "*" stands for any number of characters, everything else for itself. They take 1 to 256 bytes.
struct StopOrder {
    std::string reason = {};  ///< for agents, reviewers and the record; not empty
    std::string tool = "*";   ///< the names of tools
    std::string agent = "*";  ///< the names of agents, see ApproveKit::Options::agent
};

/// A stop on record: while it is in force, no call that it covers starts, whoever allowed it. A plain value.
struct Stop {
    std::string id;  ///< UUID text
    std::string tool = "*";
    std::string agent = "*";
    std::string reason;
    std::string reviewer;  ///< whose stop it is
    std::string way;       ///< as that of a decision
    Time since{};

    std::optional<Time> ended_at;  ///< nothing while it is in force
    std::string ended_by;          ///< who lifted it
    std::string ended_way;

    [[nodiscard]] bool in_force() const noexcept { return !ended_at; }
    [[nodiscard]] bool covers(std::string_view tool_name, std::string_view agent_name) const;
};

/// Which stops to list: those in force oldest first, all of them newest first, a thousand at most.
enum class StopList { in_force, all };

/// The stop as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Stop& stop);

}  // namespace approvekit
