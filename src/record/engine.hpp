#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace approvekit::record {

/// One write transaction. What it reads is what a commit of it finds: an engine that lets two of them run at once lets
/// only one of two commit where one read what the other wrote.
class Transaction {
public:
    virtual ~Transaction() = default;

    [[nodiscard]] virtual Tables& tables() noexcept = 0;

    /// When it takes place, the same whenever it is asked. An engine that many machines share takes it from one clock,
    /// and the clock since boot from the machine of whoever asks.
    [[nodiscard]] virtual const Moment& moment() const noexcept = 0;

    /// Whether the agent that opened the session is gone: it closed it, died, or was never there. What is in doubt
    /// counts as gone, which refuses calls and runs none. Never asked of the session that writes.
    [[nodiscard]] virtual bool is_gone(std::int64_t session) = 0;

    /// Another number once anybody but this storage has written; 0 where that cannot be told.
    [[nodiscard]] virtual std::uint64_t version() { return 0; }

    /// Others took this process for dead and ended its session. To be visible as alive before it is open again.
    virtual void show_life() = 0;
};

/// What keeps a record: tables, transactions, whose agent lives, and who is told of changes.
///
/// To add one, implement this, tables.hpp and open_record.hpp, and derive its storage from RecordStorage. The rules are in
/// transitions.hpp, sweep.hpp and ledger.hpp, and every test in tests/record/contract must hold for it.
class Engine {
public:
    virtual ~Engine() = default;

    /// Runs `work` in one transaction and commits it. On return it is durable. When this throws, nothing of it happened,
    /// or, where the commit itself failed with StorageError, all of it may have: the ledger takes that into account.
    ///
    /// May run `work` more than once, as when two transactions met. Of the earlier runs nothing is left then, and what
    /// `work` gave out in them counts no more. Is not called by two threads at once.
    virtual void write(const std::function<void(Transaction&)>& work) = 0;

    /// The same, and on return no loss of power takes it back, nor anything before it, however little the engine does
    /// against that otherwise.
    virtual void write_for_good(const std::function<void(Transaction&)>& work) = 0;

    /// As Transaction::version(), outside of one. Is not called while write() is.
    [[nodiscard]] virtual std::uint64_t version() { return 0; }

    /// The transaction that ended just now changed these requests: wakes who waits for them here and in other processes.
    /// That makes things fast and nothing true: whoever is told looks again, and whoever is not looks from time to
    /// time. Called by any thread, without a lock held.
    virtual void announce(const std::vector<Change>& changes) = 0;
};

}  // namespace approvekit::record
