#pragma once

#include "agent_under_test.hpp"

#include "approvekit/reviewer.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace approvekit::testing {

/// The processes of all races of pairs. The caller is the agent, which prepares each race and judges it.
enum RacingProcess : std::size_t { bob, cy, late_clock, caller, racing_processes };

/// One who races, and what shows that it has won.
struct Racer {
    RacingProcess process;
    const char* name;
    ApprovalStatus aim;
    const char* mark;
};

/// Two who race for one request.
struct Pairing {
    Racer one;
    Racer other;
};

/// The agent of such races, in its own process.
class PairedAgent {
public:
    virtual ~PairedAgent() = default;

    /// Asks for `call`, of which check_record() knows by this name. Returns the request that is raced for.
    [[nodiscard]] virtual std::string ask(const std::string& call) = 0;
    /// How the request stands after the caller took part.
    [[nodiscard]] virtual ApprovalRequest give_up() = 0;
    /// Runs what was approved, and says what is wrong in a race that one of `pairing` won; empty: nothing.
    [[nodiscard]] virtual std::string conclude(const Pairing& pairing, const Racer& winner) = 0;
    [[nodiscard]] virtual Storage& storage() = 0;
};

/// What differs from one kind of such races to another.
struct RacesOfPairs {
    std::string heading;  ///< of the table, up to who races against the first one
    std::vector<Pairing> pairings;
    std::function<std::unique_ptr<PairedAgent>(const Site&)> agent;
    /// What a reviewer does who races. Returns the request after it; throws DecisionError.
    std::function<ApprovalRequest(Reviewer&, const Racer&, const std::string& request_id)> decide;
};

/// Holds `count` races of each pair, each of the two in a process of its own, in a folder `name` that is gone after it.
/// Bob comes by the terminal and cy by the web. Prints who won how often.
///
/// Returns whether each time exactly one did, the other was told who, the agent finds nothing wrong, and the record
/// verifies and tells the same.
[[nodiscard]] bool race_in_pairs(const std::filesystem::path& directory, const std::string& name,
                                 const RacesOfPairs& races, int count);

}  // namespace approvekit::testing
