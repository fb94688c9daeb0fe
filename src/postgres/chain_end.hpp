#pragma once

#include "postgres/connection.hpp"
#include "record/audit_chain.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace approvekit::postgres {

// The table approvekit_chain has a row for each lane of the audit. A transaction that writes entries locks at least one
// of them until its commit. If there are several lanes, places come from a sequence, and are taken after that lock. So
// the places in a lane grow, and a transaction that saw an entry gets higher places.

/// The end of a lane, or of all lanes. Nobody else can append there until the commit.
struct ChainEnd {
    record::ChainHead head;            ///< the last place of all lanes, and the hash that the next entry follows
    std::optional<std::int64_t> lane;  ///< of the next entry; nothing: it is in none, and gets the very next place
    bool is_one_of_several = false;    ///< whether places come from the sequence
};

/// Locks a lane that nobody else has locked, or waits for one if there is none. If there are several and it is busy for
/// longer than `wait`, throws a ServerError that is a conflict: after a rollback it may be tried again, with another
/// lane and a longer wait.
[[nodiscard]] ChainEnd lock_a_lane(Connection& connection, std::chrono::milliseconds wait);
/// Locks all lanes. The next entry is in none, and joins them (record::ChainEnds). If one of them is busy for longer
/// than `wait` after the first one was locked, throws a ServerError that is a conflict: after a rollback, which lets
/// others write, it may be tried again, with a longer wait.
[[nodiscard]] ChainEnd lock_all_lanes(Connection& connection, std::chrono::milliseconds wait);

/// Returns how many lanes there are.
[[nodiscard]] std::int64_t lanes_of(Connection& connection);
/// Returns the transactions, other than this one, that have locked a lane or wait for one.
[[nodiscard]] std::set<std::string> writers_of(Connection& connection);

}  // namespace approvekit::postgres
