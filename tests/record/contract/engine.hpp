#pragma once

#include "approvekit/storage.hpp"
#include "memory/database.hpp"
#include "record/rows.hpp"
#include "support/settable_clock.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace approvekit::contract {

/// The columns of a request that every program can write, in the form in which programs write them.
using Row = memory::RequestRow;

/// How another program writes a row.
enum class Write { update, insert, replace };

/// How another program changes the row of a stop.
enum class StopRow { removed, said_to_be_lifted, lifted_by_nobody, narrowed };

/// How another program changes the row of what a start took of a limit.
enum class UseRow { removed, made_less, moved_back, moved_ahead, given_back, copied, put_elsewhere, total_made_less };

/// How another program changes the rows of a grant and its uses.
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

/// An empty record of some engine, and what its environment does to it. To add an engine, derive from this and add its
/// name to CONTRACT_TEST.
class Engine {
public:
    virtual ~Engine() = default;

    /// Opens it as a process does.
    [[nodiscard]] virtual std::unique_ptr<Storage> open() = 0;

    /// Runs `work` on the storage of a process that is killed afterwards.
    virtual void in_killed_agent(const std::function<void(Storage&)>& work) = 0;
    /// While `work` runs, nothing can be made durable.
    virtual void while_unwritable(const std::function<void()>& work) = 0;

    // What another program does, without our code.
    [[nodiscard]] virtual std::optional<Row> row(const std::string& id) = 0;
    virtual void write(const std::string& id, const Row& row, Write how) = 0;
    virtual void remove(const std::string& id) = 0;
    /// Changes what is kept beside the row.
    virtual void set_view_digest(const std::string& id, const std::string& digest) = 0;
    /// As if the clock of an earlier boot kept the deadline.
    virtual void move_to_earlier_boot(const std::string& id) = 0;
    /// Removes what is kept beside the row.
    virtual void forget(const std::string& id) = 0;
    /// Puts a decision beside the row, without an entry in the audit.
    virtual void add_decision(const record::StoredDecision& decision) = 0;
    virtual void forge_stop(const std::string& id, StopRow row) = 0;
    /// The same with a vote; and the reverse, which removes the votes of that reviewer.
    virtual void add_vote(const record::StoredDecision& vote) = 0;
    virtual void remove_votes(const std::string& reviewer) = 0;
    virtual void forge_use(const std::string& start, UseRow row) = 0;
    virtual void forge_grant(const std::string& id, GrantRow row) = 0;

    /// The clock of all its storages.
    std::shared_ptr<testing::SettableClock> clock = std::make_shared<testing::SettableClock>();
};

}  // namespace approvekit::contract
