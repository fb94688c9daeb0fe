#pragma once

#include <cstdint>
#include <string>

namespace approvekit::base {

/// Identifies an agent's process precisely enough to tell it from a later one with the same process id.
struct AgentIdentity {
    std::string boot_id;           ///< id of this boot of the kernel; the host's name if there is none
    std::string pid_namespace;     ///< for example "pid:[4026531836]"; empty if there is none
    std::int64_t pid = 0;          ///< as the process's own namespace numbers it
    std::uint64_t start_time = 0;  ///< in clock ticks since boot; 0 if unknown

    /// Identifies the calling process. Does not throw if /proc is missing: whatever cannot be read stays empty.
    [[nodiscard]] static AgentIdentity current();

    bool operator==(const AgentIdentity&) const = default;
};

/// Returns true only if the process has certainly exited. Returns false if `observer` cannot see the process: process
/// ids of another kernel or another namespace mean nothing here.
[[nodiscard]] bool has_exited(const AgentIdentity& agent, const AgentIdentity& observer);

}  // namespace approvekit::base
