#include "record/contract/engines.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "memory/memory_storage.hpp"
#include "support/broken_disk.hpp"
#include "support/forked_child.hpp"
#include "support/other_program.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <map>
#include <string>
#include <utility>

namespace approvekit::contract {

namespace {

constexpr const char* update_row =
    "UPDATE approval_requests SET tool_name = ?2, tool_args = ?3, status = ?4, created_at = ?5, reviewed_at = ?6, "
    "reviewer_notes = ?7, metadata = ?8 WHERE id = ?1";
constexpr const char* insert_row =
    "INTO approval_requests(id, tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata) "
    "VALUES "
    "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

std::string statement_of(Write how) {
    if (how == Write::update) return update_row;
    return std::string(how == Write::insert ? "INSERT " : "INSERT OR REPLACE ") + insert_row;
}

void bind(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
    text ? statement.bind(index, *text) : statement.bind(index);
}

std::optional<std::string> text_of(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(column.getString());
}

}  // namespace

std::unique_ptr<Storage> Sqlite::open() {
    SqliteStorage::Options options;
    options.clock = clock;
    options.sharing = Sharing::open;
    options.poll_interval = std::chrono::milliseconds{20};
    return std::make_unique<SqliteStorage>(file_.path, options);
}

void Sqlite::in_killed_agent(const std::function<void(Storage&)>& work) {
    const ForkedChild child([&](const ForkedChild::Report& report) {
        const auto storage = open();
        work(*storage);
        report();
        ::raise(SIGKILL);
    });
}

void Sqlite::while_unwritable(const std::function<void()>& work) {
    const UnwritableDisk full(ENOSPC);
    work();
}

std::optional<Row> Sqlite::row(const std::string& id) {
    const SQLite::Database database = as_other_program(file_.path);
    SQLite::Statement found(database,
                            "SELECT tool_name, tool_args, status, created_at, reviewed_at, reviewer_notes, metadata "
                            "FROM approval_requests WHERE id = ?");
    found.bind(1, id);
    if (!found.executeStep()) return std::nullopt;
    return Row{.tool_name = found.getColumn(0).getString(),
               .tool_args = found.getColumn(1).getString(),
               .status = found.getColumn(2).getString(),
               .created_at = found.getColumn(3).getString(),
               .reviewed_at = text_of(found.getColumn(4)),
               .reviewer_notes = text_of(found.getColumn(5)),
               .metadata = found.getColumn(6).getString()};
}

void Sqlite::write(const std::string& id, const Row& row, Write how) {
    const SQLite::Database database = as_other_program(file_.path);
    SQLite::Statement statement(database, statement_of(how));
    const std::array values{std::optional(id),         std::optional(row.tool_name),  std::optional(row.tool_args),
                            std::optional(row.status), std::optional(row.created_at), row.reviewed_at,
                            row.reviewer_notes,        std::optional(row.metadata)};
    int index = 0;
    for (const auto& value : values)
        bind(statement, ++index, value);
    statement.exec();
}

void Sqlite::remove(const std::string& id) {
    file_.shell("DELETE FROM approval_requests WHERE id = '" + id + "'");
}

void Sqlite::set_view_digest(const std::string& id, const std::string& digest) {
    file_.shell("UPDATE approvekit_requests SET view_digest = '" + digest + "' WHERE request_id = '" + id + "'");
}

void Sqlite::move_to_earlier_boot(const std::string& id) {
    file_.shell("UPDATE approvekit_requests SET boot_id = 'an earlier boot' WHERE request_id = '" + id + "'");
}

void Sqlite::forget(const std::string& id) {
    file_.shell("DELETE FROM approvekit_requests WHERE request_id = '" + id + "'");
}

void Sqlite::add_decision(const record::StoredDecision& stored) {
    add("approvekit_decisions(request_id, verdict, reviewer, way, notes, decided_at, view_digest, entry_id) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?)",
        stored);
}

void Sqlite::add_vote(const record::StoredDecision& vote) {
    add("approvekit_votes(request_id, verdict, reviewer, way, notes, voted_at, view_digest, entry_id, shown) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?, 'whole')",
        vote);
}

void Sqlite::remove_votes(const std::string& reviewer) {
    file_.shell("DELETE FROM approvekit_votes WHERE reviewer = '" + reviewer + "'");
}

void Sqlite::add(const std::string& into, const record::StoredDecision& stored) {
    const SQLite::Database database = as_other_program(file_.path);
    SQLite::Statement statement(database, "INSERT INTO " + into);
    const Decision& decision = stored.decision;
    int index = 0;
    for (const std::string& value :
         {decision.request_id, std::string(to_string(decision.verdict)), decision.reviewer, decision.way,
          decision.notes, stored.decided_at, decision.view_digest, stored.entry_id}) {
        statement.bind(++index, value);
    }
    statement.exec();
}

void Sqlite::forge_stop(const std::string& id, StopRow row) {
    const std::map<StopRow, std::string> changes{
        {StopRow::removed, "DELETE FROM approvekit_stops"},
        {StopRow::said_to_be_lifted,
         "UPDATE approvekit_stops SET ended_at = since, ended_by = reviewer, ended_way = way"},
        {StopRow::lifted_by_nobody, "UPDATE approvekit_stops SET ended_at = '', ended_by = '', ended_way = ''"},
        {StopRow::narrowed, "UPDATE approvekit_stops SET tool = 'nothing'"}};
    file_.shell(changes.at(row) + " WHERE stop_id = '" + id + "'");
}

void Sqlite::forge_use(const std::string& start, UseRow row) {
    const std::map<UseRow, std::string> changes{
        {UseRow::removed, "DELETE FROM approvekit_uses"},
        {UseRow::made_less, "UPDATE approvekit_uses SET amount = amount - 1, total = total - 1"},
        {UseRow::moved_back, "UPDATE approvekit_uses SET at = at - 1"},
        {UseRow::moved_ahead, "UPDATE approvekit_uses SET at = at + 7200000000"},
        {UseRow::given_back, "UPDATE approvekit_uses SET total = total - amount, amount = 0, was_given_back = 1"},
        {UseRow::copied,
         "INSERT INTO approvekit_uses(limit_id, bucket, start, at, amount, total) SELECT limit_id, bucket, start, at, "
         "amount, total + amount FROM approvekit_uses"},
        {UseRow::put_elsewhere, "UPDATE approvekit_uses SET bucket = 'another'"},
        {UseRow::total_made_less, "UPDATE approvekit_uses SET total = total - 1"}};
    file_.shell(changes.at(row) + " WHERE start = '" + start + "'");
}

void Sqlite::forge_grant(const std::string& id, GrantRow row) {
    if (row == GrantRow::uses_removed) {
        return file_.shell("DELETE FROM approvekit_grant_uses WHERE grant_id = '" + id + "'");
    }
    if (row == GrantRow::put_back) {
        return file_.shell("UPDATE approvekit_grants SET request_id = '" + id + "' WHERE request_id = 'kept'");
    }
    const std::map<GrantRow, std::string> changes{
        {GrantRow::removed, "DELETE FROM approvekit_grants"},
        {GrantRow::taken_away, "UPDATE approvekit_grants SET request_id = 'kept'"},
        {GrantRow::prolonged, "UPDATE approvekit_grants SET until = '2100-01-01T00:00:00.000000'"},
        {GrantRow::for_another_agent, "UPDATE approvekit_grants SET agent = 'another'"},
        {GrantRow::not_revoked,
         "UPDATE approvekit_grants SET revoked_at = NULL, revoked_by = NULL, revoked_way = NULL"},
        {GrantRow::said_to_be_revoked,
         "UPDATE approvekit_grants SET revoked_at = since, revoked_by = 'ann', revoked_way = 'web'"}};
    file_.shell(changes.at(row) + " WHERE request_id = '" + id + "'");
}

Memory::Memory(int attempts)
    : database_(std::make_shared<memory::Database>(memory::Database::Options{.clock = clock, .attempts = attempts})) {}

std::unique_ptr<Storage> Memory::open() {
    return std::make_unique<memory::MemoryStorage>(database_);
}

void Memory::in_killed_agent(const std::function<void(Storage&)>& work) {
    memory::MemoryStorage storage(database_);
    work(storage);
    storage.die();
}

void Memory::while_unwritable(const std::function<void()>& work) {
    database_->fail_next_commit(memory::Database::Commit::lost);
    work();
}

std::optional<Row> Memory::row(const std::string& id) {
    const memory::State state = database_->snapshot();
    const auto found = state.requests.find(id);
    return found == state.requests.end() ? std::nullopt : std::optional(found->second);
}

void Memory::write(const std::string& id, const Row& row, Write /*how*/) {
    database_->change([&](memory::State& state) { state.requests[id] = row; });
    const auto status = parse_approval_status(row.status).value_or(ApprovalStatus::cancelled);
    database_->announce({{id, status}});
}

void Memory::remove(const std::string& id) {
    database_->change([&](memory::State& state) { state.requests.erase(id); });
}

void Memory::set_view_digest(const std::string& id, const std::string& digest) {
    database_->change([&](memory::State& state) {
        auto changed = std::make_shared<memory::BindingRow>(*state.bindings.at(id));
        changed->view_digest = digest;
        state.bindings[id] = std::move(changed);
    });
}

void Memory::move_to_earlier_boot(const std::string& id) {
    database_->change([&](memory::State& state) {
        auto changed = std::make_shared<memory::BindingRow>(*state.bindings.at(id));
        changed->binding.boot_id = "an earlier boot";
        state.bindings[id] = std::move(changed);
    });
}

void Memory::forget(const std::string& id) {
    database_->change([&](memory::State& state) { state.bindings.erase(id); });
}

void Memory::add_decision(const record::StoredDecision& decision) {
    database_->change([&](memory::State& state) {
        state.decisions.push_back(std::make_shared<const record::StoredDecision>(decision));
    });
}

void Memory::forge_stop(const std::string& id, StopRow row) {
    database_->change([&](memory::State& state) {
        const auto found = std::find_if(state.stops.begin(), state.stops.end(),
                                        [&](const auto& stored) { return stored->stop.id == id; });
        if (row == StopRow::removed) {
            state.stops.erase(found);
            return;
        }
        auto forged = std::make_shared<record::StoredStop>(**found);
        if (row == StopRow::narrowed) {
            forged->stop.tool = "nothing";
        } else {
            forged->stop.ended_at = Time{};
        }
        if (row == StopRow::said_to_be_lifted) {
            forged->ended_at = forged->since;
            forged->stop.ended_at = forged->stop.since;
            forged->stop.ended_by = forged->stop.reviewer;
            forged->stop.ended_way = forged->stop.way;
        }
        *found = std::move(forged);
    });
}

void Memory::forge_grant(const std::string& id, GrantRow row) {
    database_->change([&](memory::State& state) {
        if (row == GrantRow::uses_removed) {
            std::erase_if(state.grant_uses, [&](const auto& use) { return use->grant == id; });
            return;
        }
        const std::string& at = row == GrantRow::put_back ? "kept" : id;
        const auto found = std::find_if(state.grants.begin(), state.grants.end(),
                                        [&](const auto& stored) { return stored->id == at; });
        if (row == GrantRow::removed) {
            state.grants.erase(found);
            return;
        }
        auto forged = std::make_shared<record::StoredGrant>(**found);
        if (row == GrantRow::taken_away) forged->id = "kept";
        if (row == GrantRow::put_back) forged->id = id;
        if (row == GrantRow::prolonged) forged->until = "2100-01-01T00:00:00.000000";
        if (row == GrantRow::for_another_agent) forged->agent = "another";
        const bool is_revoked = row == GrantRow::said_to_be_revoked;
        if (is_revoked || row == GrantRow::not_revoked) {
            forged->revoked_at = is_revoked ? forged->since : "";
            forged->revoked_by = is_revoked ? "ann" : "";
            forged->revoked_way = is_revoked ? "web" : "";
        }
        *found = std::move(forged);
    });
}

void Memory::forge_use(const std::string& start, UseRow row) {
    database_->change([&](memory::State& state) {
        const auto found = std::find_if(state.uses.begin(), state.uses.end(),
                                        [&](const record::StoredUse& use) { return use.start == start; });
        if (row == UseRow::removed) {
            state.uses.erase(found);
            return;
        }
        record::StoredUse copy = *found;
        if (row == UseRow::copied) {
            copy.number = ++state.last_use;
            copy.total += copy.amount;
            state.uses.push_back(copy);
            return;
        }
        if (row == UseRow::moved_ahead) {
            found->at += 7'200'000'000;
            return;
        }
        const std::int64_t less = row == UseRow::given_back ? copy.amount : 1;
        if (row == UseRow::made_less || row == UseRow::given_back) found->amount -= less;
        if (row != UseRow::moved_back && row != UseRow::put_elsewhere) found->total -= less;
        if (row == UseRow::moved_back) found->at -= 1;
        if (row == UseRow::put_elsewhere) found->bucket = "another";
        found->was_given_back = row == UseRow::given_back;
    });
}

void Memory::add_vote(const record::StoredDecision& vote) {
    database_->change(
        [&](memory::State& state) { state.votes.push_back(std::make_shared<const record::StoredDecision>(vote)); });
}

void Memory::remove_votes(const std::string& reviewer) {
    database_->change([&](memory::State& state) {
        std::erase_if(state.votes, [&](const auto& vote) { return vote->decision.reviewer == reviewer; });
    });
}

}  // namespace approvekit::contract
