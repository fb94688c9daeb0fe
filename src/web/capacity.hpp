#pragma once

#include <cstddef>
#include <string>

namespace approvekit::web {

/// How many clients a server serves at once. A plain value.
struct Capacity {
    std::size_t connections = 0;
    std::size_t streams = 0;  ///< of the connections
    std::string note;         ///< why it is less than wanted, for a person; empty when it is not

    /// Room for `wanted_streams` and for as many others as usual, or what the limit of open files (RLIMIT_NOFILE)
    /// leaves of that besides what this process has open and its database still needs.
    ///
    /// Throws Error (server) when that is next to nothing.
    [[nodiscard]] static Capacity within_limits(std::size_t wanted_streams);

    /// The same for a process that may have `limit` files open, and has `open` of them.
    [[nodiscard]] static Capacity within(std::size_t limit, std::size_t open, std::size_t wanted_streams);
};

}  // namespace approvekit::web
