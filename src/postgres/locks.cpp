#include "postgres/locks.hpp"

#include <cstdint>
#include <string>

namespace approvekit::postgres {

namespace {

constexpr std::int64_t lock_of_stops = 1;

}  // namespace

void share_stops(Access access) {
    if (!access.locks) return;
    access.connection.queue("SELECT pg_advisory_xact_lock_shared($1, $2)", std::int64_t{lock_space}, lock_of_stops);
}

void own_stops(Access access) {
    if (!access.locks) return;
    access.connection.queue("SELECT pg_advisory_xact_lock($1, $2)", std::int64_t{lock_space}, lock_of_stops);
}

void own_key(Access access, std::string_view key) {
    if (!access.locks) return;
    access.connection.queue("SELECT pg_advisory_xact_lock($1, hashtext($2))", std::int64_t{lock_space_of_keys}, key);
}

}  // namespace approvekit::postgres
