#pragma once

#include "approvekit/storage.hpp"
#include "postgres/connection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// Finds what was changed since the last look, at the cost of the number of changes. Not thread-safe.
///
/// Changes become visible in another order than that of their numbers, since transactions end when they like. So a look
/// reads those of every transaction that may have been under way at the last one, and leaves out what it has told.
class ChangeFeed {
public:
    explicit ChangeFeed(Connection& connection) : connection_(connection) {}

    /// The first look, and one that may have missed something, gives a change without a request.
    [[nodiscard]] std::vector<Change> look();

    /// The next look is a first one again.
    void start_over();

    /// Removes all but the latest ten thousand.
    static void forget_old(Connection& connection);

private:
    Connection& connection_;
    std::string oldest_writer_;  ///< no transaction before it can add anything any more; empty: first look
    std::int64_t last_ = 0;      ///< the highest number that was told
    std::map<std::int64_t, std::string> told_;  ///< the writers of those numbers that a look may find again
};

}  // namespace approvekit::postgres
