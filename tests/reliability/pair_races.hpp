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

/// One participant in a race, and what shows that it has won.
struct Racer {
    RacingProcess process;
    const char* name;
    ApprovalStatus aim;
    const char* mark;
};

/// Two participants that race for one request.
struct Pairing {
    Racer one;
    Racer other;
};

/// The agent of such races, in its own process.
class PairedAgent {
public:
    virtual ~PairedAgent() = default;

    /// Makes the call `call`, the name by which check_record() knows it. Returns the id of the request that is raced
    /// for.
    [[nodiscard]] virtual std::string ask(const std::string& call) = 0;
    /// Returns the request after the caller took part.
    [[nodiscard]] virtual ApprovalRequest give_up() = 0;
    /// Runs what was approved, and returns what is wrong in a race that one of `pairing` won, or an empty text.
    [[nodiscard]] virtual std::string conclude(const Pairing& pairing, const Racer& winner) = 0;
    [[nodiscard]] virtual Storage& storage() = 0;
};

/// What differs between the kinds of such races.
struct RacesOfPairs {
    std::string heading;  ///< of the table, up to who races against the first one
    std::vector<Pairing> pairings;
    std::function<std::unique_ptr<PairedAgent>(const Site&)> agent;
    /// What a reviewer in the race does. Returns the request after it. Throws DecisionError.
    std::function<ApprovalRequest(Reviewer&, const Racer&, const std::string& request_id)> decide;
};

/// Holds `count` races of each pair, each participant in a separate process, in a folder `name` that is removed
/// afterwards. Bob uses the terminal and cy the web. Prints who won how often.
///
/// Returns whether each time exactly one won, the other was told who, the agent finds nothing wrong, and the record
/// verifies and says the same.
[[nodiscard]] bool race_in_pairs(const std::filesystem::path& directory, const std::string& name,
                                 const RacesOfPairs& races, int count);

}  // namespace approvekit::testing
