// What a storage does with an answer in which a row stands twice or is missing.
#include "approvekit/error.hpp"
#include "approvekit/postgres_storage.hpp"
#include "postgres/lane_writers.hpp"
#include "postgres/message_proxy.hpp"
#include "postgres/scratch_postgres.hpp"
#include "support/catch.hpp"

#include <cstdint>
#include <string>

using namespace approvekit;
using testing::MessageFault;
using testing::MessageKind;
using testing::MessageProxy;
using testing::number_in;
using testing::ScratchPostgres;
using testing::started_call;

namespace {

constexpr const char* refusal = "the server did not give each audit entry a place of its own";

std::int64_t entries_of(const ScratchPostgres& database) {
    return number_in(database, "SELECT count(*) FROM approvekit.approvekit_audit");
}

/// Records the start of a call. Returns why that failed, or nothing.
std::string failure_of_start(Storage& storage) {
    try {
        static_cast<void>(started_call(storage));
    } catch (const StorageError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("G8 G13 each row of a server's answers is twice there or missing, and the record stays whole") {
    const auto fault = GENERATE(MessageFault::duplicate, MessageFault::omit);
    const ScratchPostgres database;
    MessageProxy proxy;
    PostgresStorage storage(proxy.through(database.connection()));
    int refusals = 0;
    int nth = 0;
    bool was_hit = true;
    while (was_hit) {
        CAPTURE(++nth);
        const std::int64_t before = entries_of(database);
        proxy.arm(nth, fault, MessageKind::row_of_answer);
        const std::string failure = failure_of_start(storage);
        was_hit = proxy.disarm();
        CAPTURE(failure);
        const bool is_refused = failure.find(refusal) != std::string::npos;
        refusals += is_refused ? 1 : 0;
        CHECK(entries_of(database) == before + (failure.empty() ? 1 : 0));
        // Says first, if need be, that the call before did not start.
        CHECK(failure_of_start(storage).empty());
    }
    CHECK(refusals == 1);
    CHECK(nth > 2);
    CHECK(PostgresStorage(database.connection()).verify_audit().intact());
}
