#pragma once

#include "postgres/scratch_postgres.hpp"
#include "record/contract/sql_engine.hpp"

#include <functional>
#include <memory>
#include <string>

namespace approvekit::contract {

class Postgres : public SqlEngine {
public:
    Postgres() : SqlEngine("approvekit.") {}
    explicit Postgres(int lanes) : SqlEngine("approvekit."), database_(lanes) {}

    [[nodiscard]] std::unique_ptr<Storage> open() override;
    void in_killed_agent(const std::function<void(Storage&)>& work) override;
    void while_unwritable(const std::function<void()>& work) override;

private:
    Values run(const std::string& sql, const Values& values) override;
    [[nodiscard]] std::string replacing(const std::string& into, const std::string& changes) const override;

    testing::ScratchPostgres database_;
};

/// A server's record whose audit is one chain, as in a file.
class PostgresInOneLane final : public Postgres {
public:
    PostgresInOneLane() : Postgres(1) {}
};

}  // namespace approvekit::contract
