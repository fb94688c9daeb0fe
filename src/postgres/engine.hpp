#pragma once

#include "base/agent_identity.hpp"
#include "postgres/connection.hpp"
#include "postgres/record_clock.hpp"
#include "postgres/tables.hpp"
#include "postgres/writers_table.hpp"
#include "record/engine.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace approvekit::postgres {

/// A write transaction, as the state machine sees it. Does not commit by itself.
class WriteTransaction final : public record::Transaction {
public:
    /// The transaction must have begun on the connection.
    WriteTransaction(const Access& access, record::Moment moment);

    [[nodiscard]] record::Tables& tables() noexcept override { return of_record_; }
    [[nodiscard]] const record::Moment& moment() const noexcept override { return moment_; }
    [[nodiscard]] bool is_gone(std::int64_t session) override { return WritersTable::is_gone(connection_, session); }
    /// Writing itself shows that the writer is alive.
    void show_life() override {}

    [[nodiscard]] Tables& own_tables() noexcept { return tables_; }

private:
    Connection& connection_;
    Tables tables_;
    record::Tables of_record_;
    record::Moment moment_;
};

/// The one writing connection of a storage.
///
/// Transactions run side by side under READ COMMITTED, see access.hpp. A transaction that conflicted with another, or
/// lost its connection before its commit was sent, is run again until `busy_timeout` is over. A wait for a lock takes
/// that long by itself, except for one of several lanes of the audit, or for all of them. If the connection is lost
/// during the commit, a new one asks whether it was committed.
class Engine final : public record::Engine {
public:
    using Announce = std::function<void(const std::vector<Change>&)>;

    struct Options {
        std::string writer;                      ///< identifies this storage among all
        std::chrono::milliseconds busy_timeout;  ///< how long a transaction waits for others, or for the server
    };

    /// The clock must outlive it.
    Engine(Target target, Options options, RecordClock& clock, Announce announce);

    void write(const std::function<void(record::Transaction&)>& work) override;
    /// Every commit survives a power loss.
    void write_for_good(const std::function<void(record::Transaction&)>& work) override { write(work); }
    void announce(const std::vector<Change>& changes) override { announce_(changes); }

    /// Records a session, within a transaction of write().
    std::int64_t start_session(record::Transaction& transaction, const base::AgentIdentity& agent);

private:
    /// Tries once. Returns false if it must be tried again.
    [[nodiscard]] bool tried(const std::function<void(record::Transaction&)>& work, const LaneWaits& lane_waits);
    [[nodiscard]] record::Moment begin(const std::string& commit);
    /// Whether a transaction was committed whose connection was lost during the commit. Throws if that cannot be known.
    [[nodiscard]] bool find_out(const std::string& commit, bool has_changes);
    [[nodiscard]] bool was_committed(const std::string& commit, bool has_changes);

    Connection connection_;
    Options options_;
    RecordClock& clock_;
    Announce announce_;
    WritersTable writers_;
};

}  // namespace approvekit::postgres
