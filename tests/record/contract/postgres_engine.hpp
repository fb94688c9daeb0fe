#pragma once

#include "postgres/scratch_postgres.hpp"
#include "record/contract/sql_engine.hpp"

#include <functional>
#include <memory>
#include <string>

namespace approvekit::contract {

class Postgres final : public SqlEngine {
public:
    Postgres() : SqlEngine("approvekit.") {}

    [[nodiscard]] std::unique_ptr<Storage> open() override;
    void in_killed_agent(const std::function<void(Storage&)>& work) override;
    void while_unwritable(const std::function<void()>& work) override;

private:
    Values run(const std::string& sql, const Values& values) override;
    [[nodiscard]] std::string replacing(const std::string& into, const std::string& changes) const override;

    testing::ScratchPostgres database_;
};

}  // namespace approvekit::contract
