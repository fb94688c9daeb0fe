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

/// The stops that a process has met, as it met them, as long as it lives: changing or removing the row of one lifts it
/// for nobody here. Thread-safe.
class KnownStops {
public:
    /// Returns all stops in force: those of the table, and those met before that no entry says were lifted.
    [[nodiscard]] std::vector<Stop> look(Tables& tables);

private:
    std::mutex mutex_;
    std::vector<Stop> met_;
};

/// Whether an entry says that the stop with that id was lifted.
[[nodiscard]] bool is_lifted(const std::string& id, Entries& entries);

/// What a process has met of grants, as long as it lives: removing the trace of a revocation or of a use gives it
/// nothing back. Thread-safe.
class KnownGrants {
public:
    /// Takes `grant` and the highest place of its uses, as the record has them. Replaces them with what was met before
    /// if that allows less, and remembers the result.
    void meet(StoredGrant& grant, std::int64_t& used);
    /// The same within a transaction, whose own uses may be rolled back: those are remembered by meet_use() only.
    void tell(StoredGrant& grant, std::int64_t& used);
    /// Remembers a committed use, by its place.
    void meet_use(const std::string& id, std::int64_t place);

private:
    struct Met {
        StoredGrant revoked;  ///< no id: it was not revoked
        std::int64_t used = 0;
    };

    std::mutex mutex_;  // guards met_
    std::map<std::string, Met, std::less<>> met_;
};

/// A write transaction while the state machine works in it: where, when and for whom to write, and what changed so far.
struct UnitOfWork {
    UnitOfWork(Transaction& in, std::int64_t writer, KnownStops& stops, KnownGrants& grants)
        : transaction(in),
          tables(in.tables()),
          moment(in.moment()),
          session(writer),
          known_stops(stops),
          known_grants(grants) {}

    /// Records a change for watchers elsewhere, and for those here once it is committed.
    void announce(const std::string& id, ApprovalStatus status) {
        tables.changes.add(id, to_string(status));
        changes.push_back({id, status});
    }

    /// Makes everybody who waits look again, here and elsewhere.
    void announce_all() { announce({}, ApprovalStatus::pending); }

    /// Looked up once, no matter how many calls this lets start.
    [[nodiscard]] const std::vector<Stop>& stops_in_force() {
        if (!stops_) stops_ = known_stops.look(tables);
        return *stops_;
    }

    Transaction& transaction;
    Tables& tables;
    const Moment& moment;
    std::int64_t session;  ///< of the storage that writes; 0 if it has not asked for anything yet
    std::vector<Change> changes;
    KnownStops& known_stops;
    KnownGrants& known_grants;
    std::vector<std::pair<std::string, std::int64_t>>
        grant_uses;  ///< grants and places, to be met once it is committed

private:
    std::optional<std::vector<Stop>> stops_;
};

/// Who did something, and by which way.
struct Author {
    std::string reviewer;
    std::string way;
    bool is_signed = false;
};

}  // namespace approvekit::record
