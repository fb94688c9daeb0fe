#pragma once

#include "postgres/connection.hpp"
#include "record/audit_chain.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace approvekit::postgres {

// The table approvekit_chain has a row for each chain of the audit, its lane. Whoever writes entries locks one until the
// commit. Places come from a sequence where there are several lanes, and are taken behind that lock: so those of a lane
// grow, and whoever saw an entry has higher ones.

/// The end of a chain, which nobody else has until the commit.
struct ChainEnd {
    record::ChainHead head;            ///< the last place of all, and the hash that the next entry follows from
    std::optional<std::int64_t> lane;  ///< of the next entry; nothing: it is in none, and has the very next place
    bool is_one_of_several = false;    ///< whether places come from the sequence
};

/// Of a lane that nobody has just now, else of one that others have.
[[nodiscard]] ChainEnd lock_a_lane(Connection& connection);
/// Of all lanes: the next entry is in none, and they end with it.
[[nodiscard]] ChainEnd lock_all_lanes(Connection& connection);

[[nodiscard]] std::int64_t lanes_of(Connection& connection);
/// The transactions, other than this one, that have a lane or wait for one.
[[nodiscard]] std::set<std::string> writers_of(Connection& connection);

}  // namespace approvekit::postgres
