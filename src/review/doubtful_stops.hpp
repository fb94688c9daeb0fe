#pragma once

#include "approvekit/storage.hpp"

#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace approvekit::review {

/// Finds the stops of which only their row says that they were lifted: agents that met one of them are held by it still,
/// until somebody lifts it. Keeps a reference to the record and the ids of those that were lifted. Thread-safe.
class DoubtfulStops {
public:
    explicit DoubtfulStops(Storage& record) : record_(record) {}

    /// Among the last thousand, oldest first. Throws StorageError.
    [[nodiscard]] std::vector<Stop> find();

private:
    [[nodiscard]] bool is_told(const Stop& stop) const;

    Storage& record_;
    std::mutex mutex_;              // guards lifted_
    std::set<std::string> lifted_;  // so that each is looked up once
};

}  // namespace approvekit::review
