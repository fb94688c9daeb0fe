#pragma once

#include "record/contract/engine.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::contract {

/// An engine whose record other programs can reach by SQL. What they do is written once, in SQL that all such engines
/// understand.
class SqlEngine : public Engine {
public:
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

protected:
    using Values = std::vector<std::optional<std::string>>;

    /// `schema` is put before the name of each table.
    explicit SqlEngine(std::string schema) : schema_(std::move(schema)) {}

    /// Runs it as another program, with `values` for $1, $2 and so on. Returns the first row, or an empty one if there
    /// is none.
    virtual Values run(const std::string& sql, const Values& values) = 0;

private:
    /// A statement that replaces the row with the same id. `into` is the text after INSERT, `changes` the text after
    /// SET.
    [[nodiscard]] virtual std::string replacing(const std::string& into, const std::string& changes) const = 0;
    [[nodiscard]] std::string statement_of(Write how) const;
    /// `into` is the text after INSERT INTO, with the values that every decision and vote has as $1 to $8.
    void add(const std::string& into, const record::StoredDecision& stored);

    std::string schema_;
};

}  // namespace approvekit::contract
