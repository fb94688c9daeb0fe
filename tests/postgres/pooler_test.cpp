// What a storage does without behind a pooler, and that it goes on all the same.
#include "approvekit/approvekit.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/message_proxy.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

using namespace approvekit;
using testing::MessageProxy;
using testing::ProcessNumber;
using testing::ScratchPostgres;

namespace {

std::int64_t locks_of_sessions(const ScratchPostgres& database) {
    postgres::Rows locks = database.run(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE "
        "datname = current_database())");
    locks.next();
    return locks.integer(0);
}

/// A held call that somebody else approves over a connection of his own.
void run_held_call(const ApproveKit& kit, const ScratchPostgres& database) {
    PendingCall call = kit.submit("send", {{"to", "ana"}});
    Reviewer(std::make_shared<PostgresStorage>(database.connection()), "ana", "terminal").approve(call.request_id());
    call.wait().executed();
}

}  // namespace

TEST_CASE("behind a pooler an agent takes no lock of a session, and its call is woken all the same") {
    const ScratchPostgres database;
    MessageProxy pooler(ProcessNumber::replaced);
    PostgresStorage::Options options;
    options.poll_interval = std::chrono::milliseconds{50};
    const ApproveKit kit(Policy(), std::make_shared<PostgresStorage>(pooler.through(database.connection()), options));
    run_held_call(kit, database);
    CHECK(locks_of_sessions(database) == 0);
}

TEST_CASE("over a connection of its own an agent holds a lock for as long as it lives") {
    const ScratchPostgres database;
    MessageProxy way;
    {
        const ApproveKit kit(Policy(), std::make_shared<PostgresStorage>(way.through(database.connection())));
        run_held_call(kit, database);
        CHECK(eventually([&] { return locks_of_sessions(database) == 1; }));
    }
    CHECK(eventually([&] { return locks_of_sessions(database) == 0; }));
}
