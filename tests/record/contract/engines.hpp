#pragma once

#include "approvekit/storage.hpp"
#include "memory/database.hpp"
#include "support/catch.hpp"
#include "support/scratch_database.hpp"
#include "support/settable_clock.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

/// A test of the contract that every engine keeps, run over each. Its name tells the engine. Within it, TestType is one.
#ifdef APPROVEKIT_CONTRACT_OF_POSTGRES
#define CONTRACT_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Postgres)
#else
#define CONTRACT_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Sqlite, Memory, RetryingMemory)
#endif

namespace approvekit::contract {

/// The columns of a request that every program can write, as it writes them.
using Row = memory::RequestRow;

/// How another program writes a row.
enum class Write { update, insert, replace };

/// What another program makes of the row of a stop.
enum class StopRow { removed, said_to_be_lifted, lifted_by_nobody, narrowed };

/// What another program makes of the row of what a start took of a limit.
enum class UseRow { removed, made_less, moved_back, moved_ahead, given_back, copied, put_elsewhere, total_made_less };

/// What another program makes of the rows of a grant and its uses.
enum class GrantRow {
    removed,
    prolonged,
    for_another_agent,
    not_revoked,
    said_to_be_revoked,
    uses_removed,
    taken_away,
    put_back
};

/// An empty record of some engine, and what its surroundings do to it. To add an engine, derive from this and name it
/// in CONTRACT_TEST.
class Engine {
public:
    virtual ~Engine() = default;

    /// As a process opens it.
    [[nodiscard]] virtual std::unique_ptr<Storage> open() = 0;

    /// Runs `work` on a storage of a process that is killed at its end.
    virtual void in_killed_agent(const std::function<void(Storage&)>& work) = 0;
    /// While `work` runs, nothing can be made durable.
    virtual void while_unwritable(const std::function<void()>& work) = 0;

    // What another program does, without any of our code.
    [[nodiscard]] virtual std::optional<Row> row(const std::string& id) = 0;
    virtual void write(const std::string& id, const Row& row, Write how) = 0;
    virtual void remove(const std::string& id) = 0;
    /// Changes what is kept beside the row.
    virtual void set_view_digest(const std::string& id, const std::string& digest) = 0;
    /// As though the clock of an earlier boot kept the deadline.
    virtual void move_to_earlier_boot(const std::string& id) = 0;
    /// Removes what is kept beside the row.
    virtual void forget(const std::string& id) = 0;
    /// Puts a decision beside the row, and no entry into the audit.
    virtual void add_decision(const record::StoredDecision& decision) = 0;
    virtual void forge_stop(const std::string& id, StopRow row) = 0;
    /// The same with a vote, and the reverse: removes the votes of that reviewer.
    virtual void add_vote(const record::StoredDecision& vote) = 0;
    virtual void remove_votes(const std::string& reviewer) = 0;
    virtual void forge_use(const std::string& start, UseRow row) = 0;
    virtual void forge_grant(const std::string& id, GrantRow row) = 0;

    /// The time of every storage of it.
    std::shared_ptr<testing::SettableClock> clock = std::make_shared<testing::SettableClock>();
};

class Sqlite final : public Engine {
public:
    [[nodiscard]] std::unique_ptr<Storage> open() override;
    void in_killed_agent(const std::function<void(Storage&)>& work) override;
    void while_unwritable(const std::function<void()>& work) override;
    [[nodiscard]] std::optional<Row> row(const std::string& id) override;
    void write(const std::string& id, const Row& row, Write how) override;
    void remove(const std::string& id) override;
    void set_view_digest(const std::string& id, const std::string& digest) override;
    void move_to_earlier_boot(const std::string& id) override;
    void forget(const std::string& id) override;
    void add_decision(const record::StoredDecision& decision) override;
    void forge_stop(const std::string& id, StopRow row) override;
    void add_vote(const record::StoredDecision& vote) override;
    void remove_votes(const std::string& reviewer) override;
    void forge_use(const std::string& start, UseRow row) override;
    void forge_grant(const std::string& id, GrantRow row) override;

private:
    /// `into` is what stands behind INSERT INTO.
    void add(const std::string& into, const record::StoredDecision& stored);

    ScratchDatabase file_;
};

class Memory : public Engine {
public:
    explicit Memory(int attempts = 1);

    [[nodiscard]] std::unique_ptr<Storage> open() override;
    void in_killed_agent(const std::function<void(Storage&)>& work) override;
    void while_unwritable(const std::function<void()>& work) override;
    [[nodiscard]] std::optional<Row> row(const std::string& id) override;
    void write(const std::string& id, const Row& row, Write how) override;
    void remove(const std::string& id) override;
    void set_view_digest(const std::string& id, const std::string& digest) override;
    void move_to_earlier_boot(const std::string& id) override;
    void forget(const std::string& id) override;
    void add_decision(const record::StoredDecision& decision) override;
    void forge_stop(const std::string& id, StopRow row) override;
    void add_vote(const record::StoredDecision& vote) override;
    void remove_votes(const std::string& reviewer) override;
    void forge_use(const std::string& start, UseRow row) override;
    void forge_grant(const std::string& id, GrantRow row) override;

private:
    std::shared_ptr<memory::Database> database_;
};

/// An engine on which transactions meet: each is tried twice before it is committed.
class RetryingMemory final : public Memory {
public:
    RetryingMemory() : Memory(2) {}
};

}  // namespace approvekit::contract

#ifdef APPROVEKIT_CONTRACT_OF_POSTGRES
#include "record/contract/postgres_engine.hpp"
#endif
