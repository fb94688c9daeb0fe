#pragma once

#include "record/engine.hpp"
#include "record/known_grants.hpp"
#include "record/known_stops.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::record {

/// A write transaction while the state machine works in it: where to write, when, for whom, and what changed so far.
struct UnitOfWork {
    UnitOfWork(Transaction& in, std::int64_t writer, KnownStops& stops, KnownGrants& grants)
        : transaction(in),
          tables(in.tables()),
          moment(in.moment()),
          session(writer),
          known_stops(stops),
          known_grants(grants) {}

    /// Notes a change for watchers elsewhere, and for those here once it is committed.
    void announce(const std::string& id, ApprovalStatus status) {
        tables.changes.add(id, to_string(status));
        changes.push_back({id, status});
    }

    /// Has everybody who waits look again, here and elsewhere.
    void announce_all() { announce({}, ApprovalStatus::pending); }

    /// Looked up once, however many calls this lets start.
    [[nodiscard]] const std::vector<Stop>& stops_in_force() {
        if (!stops_) stops_ = known_stops.look(tables);
        return *stops_;
    }

    Transaction& transaction;
    Tables& tables;
    const Moment& moment;
    std::int64_t session;  ///< of the storage that writes; 0: it has asked for nothing yet
    std::vector<Change> changes;
    KnownStops& known_stops;
    KnownGrants& known_grants;
    std::vector<std::pair<std::string, std::int64_t>>
        grant_uses;  ///< grants and places, to be met once it is committed

private:
    std::optional<std::vector<Stop>> stops_;
};

/// Who did something, and by which way it came.
struct Author {
    std::string reviewer;
    std::string way;
    bool is_signed = false;
};

}  // namespace approvekit::record
