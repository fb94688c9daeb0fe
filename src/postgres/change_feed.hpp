#pragma once

#include "approvekit/storage.hpp"
#include "postgres/connection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// Finds what was changed since the last look, at a cost that depends only on the number of changes. Not thread-safe.
///
/// Changes do not become visible in the order of their numbers, since transactions end in any order. So a look reads
/// the changes of every transaction that may have been running at the last look, and leaves out what it has already
/// told.
class ChangeFeed {
public:
    explicit ChangeFeed(Connection& connection) : connection_(connection) {}

    /// The first look, and a look that may have missed something, also returns a change without a request.
    [[nodiscard]] std::vector<Change> look();

    /// The next look counts as the first one again.
    void start_over();

    /// Removes all except the latest ten thousand.
    static void forget_old(Connection& connection);

private:
    Connection& connection_;
    std::string oldest_writer_;  ///< no transaction before it can add anything any more; empty before the first look
    std::int64_t last_ = 0;      ///< the highest number that was told
    std::map<std::int64_t, std::string> told_;  ///< the writers of those numbers that a look may find again
};

}  // namespace approvekit::postgres
