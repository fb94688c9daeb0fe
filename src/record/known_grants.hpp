#pragma once

#include "record/rows.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace approvekit::record {

/// What a process has met of grants, for as long as it lives: whoever takes the trace of a revocation or of a use away
/// gives nothing back to it. Thread-safe.
class KnownGrants {
public:
    /// `grant` and the highest place of its uses, as they stand in the record: gets what was met of it before, where that
    /// allows less, and is remembered.
    void meet(StoredGrant& grant, std::int64_t& used);
    /// The same within a transaction, whose own uses may come to nothing: they are remembered by meet_use() alone.
    void tell(StoredGrant& grant, std::int64_t& used);
    /// A use that is committed, by its place.
    void meet_use(const std::string& id, std::int64_t place);
    /// The highest place that was met.
    [[nodiscard]] std::int64_t used(const std::string& id) const;

private:
    struct Met {
        StoredGrant revoked;  ///< no id: it was not
        std::int64_t used = 0;
    };

    mutable std::mutex mutex_;  // guards what was met
    std::map<std::string, Met, std::less<>> met_;
};

}  // namespace approvekit::record
