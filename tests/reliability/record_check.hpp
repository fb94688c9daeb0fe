#pragma once

#include "agent_under_test.hpp"

#include <map>
#include <string>
#include <vector>

namespace approvekit::testing {

/// What the record says about all calls, and what is wrong with it.
struct RecordReport {
    std::vector<std::string> faults;

    /// How each call ended, by its name: "approved, executed", "timeout, none", "auto, unknown", "pending, open" ...
    std::map<std::string, std::string> calls;

    /// All faults, one per line.
    [[nodiscard]] std::string text() const;
};

/// Compares the record with itself and with what the tools did. Each tool call has a unique name, which is its argument
/// "call" and its line in the site's effects.
///
/// Sweeps first, as any reviewer does. Then the record must be sound and the chain whole. Each request's status,
/// decision, votes and audit entries must agree, and as many people must have approved it as its quorum needs. Nothing
/// may be left open unless a living agent owns it or a key keeps it. No call may have taken effect more than once, and
/// none without a decision or the policy's permission.
[[nodiscard]] RecordReport check_record(const Site& site, Agents agents);

}  // namespace approvekit::testing
