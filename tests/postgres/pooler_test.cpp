// What a storage cannot have behind a pooler, and that it works nevertheless.
#include "approvekit/approvekit.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/message_proxy.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/eventually.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace approvekit;
using testing::MessageFault;
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

/// A held call that somebody else approves over a separate connection.
void run_held_call(const ApproveKit& kit, const ScratchPostgres& database) {
    PendingCall call = kit.submit("send", {{"to", "ana"}});
    Reviewer(std::make_shared<PostgresStorage>(database.connection()), "ana", "terminal").approve(call.request_id());
    call.wait().executed();
}

/// The notices of a storage. Thread-safe.
class Notices {
public:
    [[nodiscard]] PostgresStorage::Options options() {
        PostgresStorage::Options options;
        options.on_notice = [this](const std::string& notice) {
            const std::lock_guard lock(mutex_);
            told_.push_back(notice);
        };
        return options;
    }

    [[nodiscard]] std::vector<std::string> told() const {
        const std::lock_guard lock(mutex_);
        return told_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> told_;
};

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

TEST_CASE("a storage says once that a pooler stands between, also when it lost its connections") {
    const ScratchPostgres database;
    MessageProxy pooler(ProcessNumber::replaced);
    Notices notices;
    PostgresStorage::Options options = notices.options();
    options.busy_timeout = std::chrono::milliseconds{200};
    const auto storage = std::make_shared<PostgresStorage>(pooler.through(database.connection()), options);
    const ApproveKit kit(Policy(), storage);
    run_held_call(kit, database);
    pooler.arm(1, MessageFault::outage);
    CHECK_THROWS_AS(storage->find("no such request"), StorageError);
    REQUIRE(pooler.disarm());
    run_held_call(kit, database);
    REQUIRE(notices.told().size() == 1);
    CHECK(notices.told().front().find("pooler") != std::string::npos);
}

TEST_CASE("over a connection of its own a storage has nothing to say") {
    const ScratchPostgres database;
    MessageProxy way;
    Notices notices;
    const ApproveKit kit(Policy(),
                         std::make_shared<PostgresStorage>(way.through(database.connection()), notices.options()));
    run_held_call(kit, database);
    CHECK(notices.told().empty());
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
