#pragma once

#include "approvekit/storage.hpp"

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace approvekit::review {

/// Finds the stops that were lifted only according to their row. Agents that met such a stop are still held by it,
/// until somebody lifts it. Keeps a reference to the record and the ids of the stops that were really lifted.
/// Thread-safe.
class DoubtfulStops {
public:
    explicit DoubtfulStops(Storage& record) : record_(record) {}

    /// Looks at the last thousand stops. Returns the oldest first. Throws StorageError.
    [[nodiscard]] std::vector<Stop> find();

private:
    [[nodiscard]] bool is_told(const Stop& stop) const;

    Storage& record_;
    std::mutex mutex_;              // guards lifted_
    std::set<std::string> lifted_;  // so that each is looked up only once
};

}  // namespace approvekit::review
