#pragma once

#include "postgres/scratch_postgres.hpp"
#include "record/contract/engines.hpp"

namespace approvekit::contract {

class Postgres : public Engine {
public:
    Postgres() = default;
    explicit Postgres(int lanes) : database_(lanes) {}

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
    testing::ScratchPostgres database_;
};

/// Whose audit is one chain, as that of a file.
class PostgresInOneLane final : public Postgres {
public:
    PostgresInOneLane() : Postgres(1) {}
};

}  // namespace approvekit::contract
