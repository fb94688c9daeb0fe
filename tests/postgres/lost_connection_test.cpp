// What happens to what is being recorded while a connection is lost.
#include "approvekit/postgres_storage.hpp"
#include "postgres/cutting_proxy.hpp"
#include "postgres/read_call.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/contract/limited.hpp"
#include "support/error_code_of.hpp"
#include "support/held_request.hpp"

#include <memory>
#include <string>

using namespace approvekit;
using testing::CuttingProxy;
using testing::read_call;
using testing::ScratchPostgres;

namespace {

std::size_t entries_of(Storage& storage) {
    return storage.audit({.request_id = "", .limit = 100, .cursor = "", .oldest_first = false}).entries.size();
}

}  // namespace

TEST_CASE("G1 G4 a start whose commit lost its connection is on record once, whatever became of the commit") {
    const auto cut = GENERATE(CuttingProxy::Cut::request, CuttingProxy::Cut::reply, CuttingProxy::Cut::late);
    CAPTURE(static_cast<int>(cut));
    const ScratchPostgres database;
    CuttingProxy proxy;
    PostgresStorage storage(proxy.through(database.connection()));
    const std::string before = storage.record_intent(read_call);
    proxy.cut_next(cut);
    const std::string entry = storage.record_intent(read_call);
    REQUIRE(proxy.cuts() == 1);
    REQUIRE(entry != before);
    PostgresStorage other(database.connection());
    CHECK(entries_of(other) == 2);
    CHECK(other.audit({}).entries.front().id == entry);
    CHECK(other.verify_audit().intact());
}

TEST_CASE("G3 a claim whose commit lost its connection starts once, whatever became of the commit") {
    const auto cut = GENERATE(CuttingProxy::Cut::request, CuttingProxy::Cut::reply, CuttingProxy::Cut::late);
    CAPTURE(static_cast<int>(cut));
    const ScratchPostgres database;
    CuttingProxy proxy;
    PostgresStorage storage(proxy.through(database.connection()));
    const ApprovalRequest request = held_request(SystemClock());
    storage.submit(request);
    PostgresStorage other(database.connection());
    other.decide(decision_on(request, Verdict::approve));
    proxy.cut_next(cut);
    CHECK_FALSE(storage.claim({request.id, request.view_digest, {}}).empty());
    CHECK(proxy.cuts() == 1);
    CHECK(other.find(request.id)->run == RunState::running);
    CHECK(error_code_of([&] {
              static_cast<void>(storage.claim({request.id, request.view_digest, {}}));
          }) == ErrorCode::already_decided);
}

TEST_CASE("a limit counts a start once whose commit lost its connection") {
    const ScratchPostgres database;
    CuttingProxy proxy;
    PostgresStorage storage(proxy.through(database.connection()));
    const LimitUse use = contract::use_of(1, 3);
    for (const auto cut : {CuttingProxy::Cut::request, CuttingProxy::Cut::reply, CuttingProxy::Cut::late}) {
        proxy.cut_next(cut);
        static_cast<void>(contract::Limited::start(storage, use));
    }
    CHECK(storage.used(use) == 3 * contract::one_whole);
    CHECK_THROWS_AS(contract::Limited::start(storage, use), LimitReachedError);
    CHECK(storage.verify_audit().intact());
}

TEST_CASE("connections that the server ends are made again, and what is asked meanwhile is answered") {
    const ScratchPostgres database;
    PostgresStorage storage(database.connection());
    static_cast<void>(storage.record_intent(read_call));
    for (int round = 0; round < 3; ++round) {
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
            "pg_backend_pid()");
        CHECK_FALSE(storage.record_intent(read_call).empty());
        CHECK(entries_of(storage) == static_cast<std::size_t>(round) + 2);
    }
    CHECK(storage.verify_audit().intact());
}
