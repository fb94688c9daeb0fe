#include "record/contract/engines.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "memory/memory_storage.hpp"
#include "support/broken_disk.hpp"
#include "support/forked_child.hpp"
#include "support/other_program.hpp"

#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <utility>

namespace approvekit::contract {

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

SqlEngine::Values Sqlite::run(const std::string& sql, const Values& values) {
    const SQLite::Database database = as_other_program(file_.path);
    SQLite::Statement statement(database, sql);
    int number = 0;
    for (const auto& value : values) {
        const std::string name = "$" + std::to_string(++number);
        value ? statement.bind(name, *value) : statement.bind(name);
    }
    Values row;
    if (!statement.executeStep()) return row;
    for (int column = 0; column < statement.getColumnCount(); ++column) {
        const SQLite::Column value = statement.getColumn(column);
        row.push_back(value.isNull() ? std::nullopt : std::optional(value.getString()));
    }
    return row;
}

std::string Sqlite::replacing(const std::string& into, const std::string& /*changes*/) const {
    return "INSERT OR REPLACE" + into;
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
