// Several storages at once, as of several hosts.
#include "approvekit/postgres_storage.hpp"
#include "postgres/change_feed.hpp"
#include "postgres/cluster.hpp"
#include "record/contract/limited.hpp"
#include "support/held_request.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace approvekit;
using testing::ScratchPostgres;

namespace {

constexpr int parties = 4;

/// Runs `work` for each of four storages, at once.
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
