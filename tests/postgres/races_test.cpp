// Several storages at once, like those of several hosts.
#include "approvekit/postgres_storage.hpp"
#include "postgres/change_feed.hpp"
#include "postgres/granted.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/contract/limited.hpp"
#include "support/held_request.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using testing::granted_by;
using testing::ScratchPostgres;

namespace {

constexpr int parties = 4;

/// Runs `work` for each of four storages at the same time.
void all_at_once(const std::vector<std::unique_ptr<PostgresStorage>>& storages,
                 const std::function<void(PostgresStorage&, int)>& work) {
    std::vector<std::jthread> threads;
    for (int party = 0; party < parties; ++party)
        threads.emplace_back([&, party] { work(*storages[static_cast<std::size_t>(party)], party); });
}

std::vector<std::unique_ptr<PostgresStorage>> opened(const ScratchPostgres& database) {
    std::vector<std::unique_ptr<PostgresStorage>> storages;
    for (int party = 0; party < parties; ++party)
        storages.push_back(std::make_unique<PostgresStorage>(database.connection()));
    return storages;
}

}  // namespace

TEST_CASE("G1 of four reviewers at once one decides, each time") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    for (int round = 0; round < 20; ++round) {
        const ApprovalRequest request = held_request(SystemClock());
        storages[0]->submit(request);
        std::atomic<int> taken = 0;
        all_at_once(storages, [&](PostgresStorage& storage, int party) {
            Decision decision = decision_on(request, party % 2 == 0 ? Verdict::approve : Verdict::reject);
            decision.reviewer = "reviewer " + std::to_string(party);
            try {
                storage.decide(decision);
                ++taken;
            } catch (const DecisionError&) {
                return;
            }
        });
        CHECK(taken == 1);
    }
    CHECK(storages[0]->verify_audit().intact());
}

TEST_CASE("G17 a limit of ten lets ten of four agents' calls start, and not one more") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    const LimitUse use = contract::use_of(1, 10);
    std::atomic<int> started = 0;
    all_at_once(storages, [&](PostgresStorage& storage, int) {
        for (int call = 0; call < 8; ++call) {
            try {
                static_cast<void>(contract::Limited::start(storage, use));
                ++started;
            } catch (const LimitReachedError&) {
                return;
            }
        }
    });
    CHECK(started == 10);
    CHECK(storages[0]->verify_audit().intact());
}

TEST_CASE("G17 a grant of ten lets ten of four agents' calls start and not one more") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    const Grant grant = granted_by(*storages[0], 10);
    std::atomic<int> started = 0;
    all_at_once(storages, [&](PostgresStorage& storage, int) {
        for (int call = 0; call < 8; ++call) {
            if (!contract::Granted::start(storage, grant).empty()) ++started;
        }
    });
    CHECK(started == 10);
    CHECK(storages[0]->find_grant(grant.id)->used == 10);
    CHECK(storages[0]->verify_audit().intact());
}

TEST_CASE("G17 from when a grant is revoked no agent starts anything by it") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    const Grant grant = granted_by(*storages[0], 1000);
    std::atomic<bool> is_revoked = false;
    std::atomic<int> started_late = 0;
    all_at_once(storages, [&](PostgresStorage& storage, int party) {
        if (party == 0) {
            static_cast<void>(storage.revoke(grant.id, "ana", "terminal"));
            is_revoked = true;
            return;
        }
        for (;;) {
            const bool was_revoked = is_revoked;
            if (contract::Granted::start(storage, grant).empty()) return;
            if (was_revoked) ++started_late;
        }
    });
    CHECK(started_late == 0);
    CHECK(storages[0]->verify_audit().intact());
}

TEST_CASE("calls that start together and take of limits in other orders do not have the server end one of them") {
    const ScratchPostgres database;
    auto storages = opened(database);
    all_at_once(storages, [](PostgresStorage& storage, int party) {
        std::vector<std::jthread> callers;
        for (int caller = 0; caller < 4; ++caller) {
            callers.emplace_back([&storage, party, caller] {
                LimitUse use = contract::use_of(1, 1000);
                use.bucket = std::to_string(party % 2 == 0 ? caller : 3 - caller);
                for (int call = 0; call < 25; ++call)
                    static_cast<void>(contract::Limited::start(storage, use));
            });
        }
    });
    storages.clear();  // a connection reports its statistics when it ends
    auto rows = database.run("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    REQUIRE(rows.next());
    CHECK(rows.integer(0) == 0);
}

TEST_CASE("what did not start is given back beside calls that start without the server ending one of them") {
    const ScratchPostgres database;
    auto storages = opened(database);
    all_at_once(storages, [](PostgresStorage& storage, int party) {
        for (int call = 0; call < 60; ++call) {
            // Each party uses its own order, and the call that was given up is written with the next one.
            LimitUse use = contract::use_of(1, 1000);
            use.bucket = std::to_string(party % 2 == 0 ? call % 4 : 3 - call % 4);
            const std::string entry = contract::Limited::start(storage, use);
            storage.not_started({entry, std::string(auto_request_id), "send_email", "not started: a test"});
        }
    });
    CHECK(storages[0]->verify_audit().intact());
    storages.clear();  // a connection reports its statistics when it ends
    auto rows = database.run("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    REQUIRE(rows.next());
    CHECK(rows.integer(0) == 0);
}

TEST_CASE("a key that four agents ask with at once is one request") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    std::atomic<int> accepted = 0;
    all_at_once(storages, [&](PostgresStorage& storage, int) {
        KeyedCall call;
        call.key = "the key";
        call.tool_name = "send_email";
        call.commitments = {{"", "the call"}};
        if (storage.submit(held_request(SystemClock()), call).kind == KeyedAnswer::Kind::accepted) ++accepted;
    });
    CHECK(accepted == 1);
    CHECK(storages[0]->list({}).requests.size() == 1);
}

TEST_CASE("G18 from when a stop has returned no agent starts anything") {
    const ScratchPostgres database;
    const auto storages = opened(database);
    std::atomic<bool> is_stopped = false;
    std::atomic<int> started_late = 0;
    all_at_once(storages, [&](PostgresStorage& storage, int party) {
        if (party == 0) {
            static_cast<void>(storage.stop({"a test", "*", "*"}, "ana", "terminal"));
            is_stopped = true;
            return;
        }
        for (;;) {
            const bool was_stopped = is_stopped;
            try {
                static_cast<void>(storage.record_intent({"read", "{}", "{}", "auto", "test"}));
                if (was_stopped) ++started_late;
            } catch (const StoppedError&) {
                return;
            }
        }
    });
    CHECK(started_late == 0);
    CHECK(storages[0]->verify_audit().intact());
}

TEST_CASE("a change is told that becomes visible behind one with a higher number") {
    const ScratchPostgres database;
    postgres::Connection slow{postgres::Target(database.connection())};
    postgres::Connection reader{postgres::Target(database.connection())};
    postgres::ChangeFeed feed(reader);
    static_cast<void>(feed.look());
    const std::string insert = "INSERT INTO approvekit.approvekit_changes(request_id, status) VALUES ($1, 'pending')";
    slow.queue("BEGIN");
    slow.rows(postgres::Statement(insert, "first"));
    database.run(insert, "second");
    const auto seen = feed.look();
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().request_id == "second");
    slow.rows("COMMIT");
    const auto late = feed.look();
    REQUIRE(late.size() == 1);
    CHECK(late.front().request_id == "first");
    CHECK(feed.look().empty());
}
