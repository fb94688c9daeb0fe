#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit {

/// Which calls to stop, and why: `kit.stop({.reason = "wrong recipients", .tool = "mail.*"})`. A plain value.
///
/// In both patterns "*" matches any number of characters, and every other character matches itself. A pattern has 1 to
/// 256 bytes.
struct StopOrder {
    std::string reason = {};  ///< shown to agents and reviewers, and recorded; not empty
    std::string tool = "*";   ///< pattern of tool names
    std::string agent = "*";  ///< pattern of agent names; see ApproveKit::Options::agent
};

/// A stop in the record. While it is in force, no call that it covers starts, whoever allowed the call. A plain value.
struct Stop {
    std::string id;  ///< UUID text
    std::string tool = "*";
    std::string agent = "*";
    std::string reason;
    std::string reviewer;  ///< who put it in force
    std::string way;       ///< as in Decision::way
    Time since{};

    std::optional<Time> ended_at;  ///< nothing while it is in force
    std::string ended_by;          ///< who lifted it
    std::string ended_way;

    [[nodiscard]] bool in_force() const noexcept { return !ended_at; }
    [[nodiscard]] bool covers(std::string_view tool_name, std::string_view agent_name) const;
};

/// Which stops to list: those in force, oldest first; or all, newest first. At most a thousand.
enum class StopList { in_force, all };

/// The stop as the HTTP API and --json show it.
[[nodiscard]] Json to_json_view(const Stop& stop);

}  // namespace approvekit
