#pragma once

#include "approvekit/postgres_storage.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace approvekit::testing {

/// Returns the entry of a call that the policy allowed.
inline std::string started_call(Storage& storage) {
    return storage.record_intent({"read", "{}", "{}", "allowed", "test"});
}

/// Writes two entries, the second one with a later commit.
inline void ended_call(Storage& storage) {
    RunOutcome outcome;
    outcome.entry_id = started_call(storage);
    outcome.request_id = auto_request_id;
    outcome.tool_name = "read";
    outcome.state = RunState::executed;
    storage.finish(outcome);
}

/// Four storages write that many calls each, at the same time, and are closed afterwards.
inline void write_at_once(const ScratchPostgres& database, int calls) {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
        writers.emplace_back([&database, calls] {
            PostgresStorage storage(database.connection());
            for (int count = 0; count < calls; ++count)
                ended_call(storage);
        });
    }
}

/// Returns the number that a statement returns.
inline std::int64_t number_in(const ScratchPostgres& database, const std::string& sql) {
    auto rows = database.run(sql);
    REQUIRE(rows.next());
    return rows.integer(0);
}

}  // namespace approvekit::testing
