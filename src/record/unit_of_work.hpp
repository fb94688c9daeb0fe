#pragma once

#include "approvekit/stop.hpp"
#include "record/engine.hpp"
#include "record/rows.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::record {

/// The stops that a process has met, for as long as it lives and as it met them: whoever changes the row of one, or takes
/// it away, lifts nothing for it. Thread-safe.
class KnownStops {
public:
    /// All that are in force: those of the table, and those met before of which no entry says that they were lifted.
    [[nodiscard]] std::vector<Stop> look(Tables& tables);

private:
    std::mutex mutex_;
    std::vector<Stop> met_;
};

/// Whether an entry says of the stop with that id that it was lifted.
[[nodiscard]] bool is_lifted(const std::string& id, Entries& entries);

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
