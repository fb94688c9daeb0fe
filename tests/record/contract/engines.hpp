#pragma once

#include "record/contract/engine.hpp"
#include "record/contract/sql_engine.hpp"
#include "support/catch.hpp"
#include "support/scratch_database.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

/// A test of the contract that every engine keeps, run for each engine. Its name contains the engine. In it, TestType
/// is the engine.
#ifdef APPROVEKIT_CONTRACT_OF_POSTGRES
#define CONTRACT_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Postgres)
#else
#define CONTRACT_TEST(name) TEMPLATE_TEST_CASE(name, "[contract]", Sqlite, Memory, RetryingMemory)
#endif

namespace approvekit::contract {

class Sqlite final : public SqlEngine {
public:
    Sqlite() : SqlEngine("main.") {}

    [[nodiscard]] std::unique_ptr<Storage> open() override;
    void in_killed_agent(const std::function<void(Storage&)>& work) override;
    void while_unwritable(const std::function<void()>& work) override;

private:
    Values run(const std::string& sql, const Values& values) override;
    [[nodiscard]] std::string replacing(const std::string& into, const std::string& changes) const override;

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

/// An engine where transactions conflict: each runs twice for one commit.
class RetryingMemory final : public Memory {
public:
    RetryingMemory() : Memory(2) {}
};

}  // namespace approvekit::contract

#ifdef APPROVEKIT_CONTRACT_OF_POSTGRES
#include "record/contract/postgres_engine.hpp"
#endif
