#pragma once

#include <cstdint>
#include <string>

namespace approvekit::base {

/// Which process an agent is, precise enough to tell it from a later one with the same number.
struct AgentIdentity {
    std::string boot_id;           ///< of this run of the kernel; the host's name where there is none
    std::string pid_namespace;     ///< "pid:[4026531836]"; empty where there are none
    std::int64_t pid = 0;          ///< as its own namespace counts
    std::uint64_t start_time = 0;  ///< in clock ticks since boot; 0: unknown

    /// The calling process. Never throws for lack of /proc: what cannot be read stays empty.
    [[nodiscard]] static AgentIdentity current();

    bool operator==(const AgentIdentity&) const = default;
};

/// Whether the process is certainly not running any more. False when it cannot be seen from `observer`:
/// numbers of another kernel or another namespace say nothing here.
[[nodiscard]] bool has_exited(const AgentIdentity& agent, const AgentIdentity& observer);

}  // namespace approvekit::base
