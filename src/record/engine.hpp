#pragma once

#include "approvekit/storage.hpp"
#include "record/tables.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace approvekit::record {

/// One write transaction. Whatever it reads must still hold when it commits: if an engine runs two transactions at once
/// and one read what the other wrote, only one of them may commit.
class Transaction {
public:
    virtual ~Transaction() = default;

    [[nodiscard]] virtual Tables& tables() noexcept = 0;

    /// Returns the time of the transaction, the same at each call. An engine that several machines share takes it from
    /// one clock, and takes the time since boot from the caller's machine.
    [[nodiscard]] virtual const Moment& moment() const noexcept = 0;

    /// Whether the agent that opened the session is gone: it closed the session, died, or never existed. A doubtful one
    /// counts as gone, which refuses calls and runs none. Never called for the session that writes.
    [[nodiscard]] virtual bool is_gone(std::int64_t session) = 0;

    /// Returns another number after anybody other than this storage has written; 0 if that cannot be known.
    [[nodiscard]] virtual std::uint64_t version() { return 0; }

    /// Others took this process for dead and ended its session. Makes it visibly alive before the session is opened
    /// again.
    virtual void show_life() = 0;
};

/// An engine keeps a record: it provides tables and transactions, knows which agents are alive, and announces changes.
///
/// To add one, implement this, tables.hpp and open_record.hpp, and derive its storage from RecordStorage. The rules are
/// in transitions.hpp, sweep.hpp and ledger.hpp, and every test in tests/record/contract must pass for it.
class Engine {
public:
    virtual ~Engine() = default;

    /// Runs `work` in one transaction and commits it. The changes are durable on return. If this throws, nothing of it
    /// happened; but if the commit itself failed with StorageError, all of it may have happened. The ledger takes that
    /// into account.
    ///
    /// May run `work` more than once, for instance after a conflict of two transactions. Then nothing of the earlier
    /// runs is left, and results that `work` passed out of them are void. Never called by two threads at once.
    virtual void write(const std::function<void(Transaction&)>& work) = 0;

    /// The same, and after the return no power loss can undo it or anything before it, even if the engine otherwise
    /// gives no such guarantee.
    virtual void write_for_good(const std::function<void(Transaction&)>& work) = 0;

    /// As Transaction::version(), outside of a transaction. Never called during write().
    [[nodiscard]] virtual std::uint64_t version() { return 0; }

    /// The transaction that just ended changed these requests. Wakes those who wait for them, here and in other
    /// processes. This is only for speed: those who are told look again, and the others look from time to time anyway.
    /// May be called by any thread, without a lock held.
    virtual void announce(const std::vector<Change>& changes) = 0;
};

}  // namespace approvekit::record
