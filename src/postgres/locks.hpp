#pragma once

#include "postgres/access.hpp"

#include <cstdint>
#include <string_view>

namespace approvekit::postgres {

// Locks that no row could stand for. They are of the transaction, not of the session, so that they hold behind a pooler
// too, and they go with it. The first of the two numbers is ours, see docs/postgresql.md.

/// What the second number says within the first one, "AKit" in ASCII.
inline constexpr int lock_space = 0x414b6974;
inline constexpr int lock_space_of_keys = 0x414b6975;
inline constexpr int lock_space_of_sessions = 0x414b6976;

/// What the second number is of a session: its lower 32 bits, as the number has more than fit. Two that share one would have
/// to be open at once, with four thousand million between them.
[[nodiscard]] constexpr std::int64_t lock_of_session(std::int64_t session) noexcept {
    return static_cast<std::int32_t>(session & 0xffffffff);
}

/// Until the commit nobody puts a stop in force, or lifts one.
void share_stops(Access access);
/// Waits until whoever shares the stops has committed; nobody shares them until the commit.
void own_stops(Access access);
/// Until the commit nobody else has the key.
void own_key(Access access, std::string_view key);

}  // namespace approvekit::postgres
