// A record is copied as a whole, or not at all.
#include "approvekit/copy_record.hpp"

#include "record/copied.hpp"
#include "support/other_program.hpp"

#include <filesystem>
#include <memory>

using namespace approvekit;
using testing::CopiedRecord;
namespace fs = std::filesystem;

namespace {

struct Places {
    [[nodiscard]] fs::path from() const { return directory / "from.db"; }
    [[nodiscard]] fs::path to() const { return directory / "to.db"; }
    [[nodiscard]] CopiedRecord made(Sharing sharing = Sharing::closed) const {
        SqliteStorage::Options options;
        options.sharing = sharing;
        SqliteStorage storage(from(), options);
        return CopiedRecord::made_in(storage);
    }
    [[nodiscard]] AuditReport copy() const {
        SqliteStorage source(from());
        SqliteStorage target(to());
        return copy_record(source, target);
    }

    TemporaryDirectory directory;
};

}  // namespace

TEST_CASE("a record that was copied has the same chain, and everything goes on in it") {
    const Places places;
    const CopiedRecord record = places.made();
    const AuditReport before = SqliteStorage(places.from()).verify_audit();
    const AuditReport told = places.copy();
    SqliteStorage copy(places.to());
    const AuditReport after = copy.verify_audit();
    CHECK(told.head == before.head);
    CHECK(after.head == before.head);
    CHECK(after.entries == before.entries);
    record.check_in(copy);
}

TEST_CASE("a record is not copied into one that has something") {
    const Places places;
    static_cast<void>(places.made());
    static_cast<void>(SqliteStorage(places.to()).record_intent({"look", "{}", "{}", "allowed", "test"}));
    CHECK(error_code_of([&] { static_cast<void>(places.copy()); }) == ErrorCode::foreign_database);
}

TEST_CASE("a record that an agent has open is not copied, and the copy stays empty") {
    const Places places;
    SqliteStorage agent(places.from());
    static_cast<void>(agent.record_intent({"look", "{}", "{}", "allowed", "test"}));
    CHECK(error_code_of([&] { static_cast<void>(places.copy()); }) == ErrorCode::storage_busy);
    CHECK(SqliteStorage(places.to()).verify_audit().empty());
}

TEST_CASE("G8 a record that was changed is not copied") {
    const Places places;
    static_cast<void>(places.made(Sharing::open));
    as_other_program(places.from()).exec("UPDATE approvekit_audit SET reviewer = 'bob' WHERE seq = 1");
    CHECK(error_code_of([&] { static_cast<void>(places.copy()); }) == ErrorCode::storage_corrupt);
    CHECK(SqliteStorage(places.to()).verify_audit().empty());
}

TEST_CASE("a record of which a part is in an archive is copied with its beginning") {
    const Places places;
    static_cast<void>(places.made());
    {
        SqliteStorage storage(places.from());
        ArchiveOrder order;
        order.before = SystemClock().now();
        order.file = places.directory / "archive";
        order.reviewer = "ana";
        CHECK(storage.archive(order).anchor);
    }
    const AuditReport told = places.copy();
    SqliteStorage copy(places.to());
    CHECK(copy.verify_audit().intact());
    CHECK(copy.audit_start().place == told.archived);
    CHECK(copy.archives().size() == 1);
}
