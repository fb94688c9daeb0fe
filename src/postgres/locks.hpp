#pragma once

#include "postgres/access.hpp"

#include <cstdint>
#include <string_view>

namespace approvekit::postgres {

// Locks for things that have no row. The functions below lock for the transaction, not for the session: such locks also
// work behind a pooler, and end with the transaction. The first of the two numbers is ours, see docs/postgresql.md.

/// The first number, which says what the second one means; this one is "AKit" in ASCII.
inline constexpr int lock_space = 0x414b6974;
inline constexpr int lock_space_of_keys = 0x414b6975;
inline constexpr int lock_space_of_sessions = 0x414b6976;

/// The second number for a session: its lower 32 bits, since the whole number does not fit. Two sessions with the same
/// one would have to be open at the same time, with four thousand million between them.
[[nodiscard]] constexpr std::int64_t lock_of_session(std::int64_t session) noexcept {
    return static_cast<std::int32_t>(session & 0xffffffff);
}

/// Until the commit, nobody can put a stop in force or lift one.
void share_stops(Access access);
/// Waits until all who share the stops have committed. Then nobody else can share them until the commit.
void own_stops(Access access);
/// Until the commit, nobody else can have the key.
void own_key(Access access, std::string_view key);

}  // namespace approvekit::postgres
