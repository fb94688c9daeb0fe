#pragma once

#include "agent_under_test.hpp"

#include <map>
#include <string>
#include <vector>

namespace approvekit::testing {

/// What the record says of all calls, and what is wrong with it.
struct RecordReport {
    std::vector<std::string> faults;

    /// How each call stands, by its name: "approved, executed", "timeout, none", "auto, unknown", "pending, open" ...
    std::map<std::string, std::string> calls;

    /// All faults, a line each.
    [[nodiscard]] std::string text() const;
};

/// Holds the record against itself and against what the tools did. Each tool call bears a name that is unique, as its
/// argument "call" and as its line in the site's effects.
///
/// Sweeps first, as any reviewer does. Then the record must be sound, the chain whole, each request's status, decision,
/// votes and audit entries of one mind, as many people for it as its quorum takes, nothing left open that no living agent owns and no key keeps, no call in effect more
/// than once, and none without a decision or a policy's word for it.
[[nodiscard]] RecordReport check_record(const Site& site, Agents agents);

}  // namespace approvekit::testing
