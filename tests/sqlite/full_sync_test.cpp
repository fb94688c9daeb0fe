// Commits that must survive a power loss, in a record that otherwise may lose its latest ones.
#include "approvekit/sqlite_storage.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/engine.hpp"
#include "support/catch.hpp"
#include "support/storage_fixture.hpp"

#include <memory>
#include <utility>
#include <vector>

using namespace approvekit;

namespace {

constexpr int normal = 1;
constexpr int full = 2;

}  // namespace

TEST_CASE("G3 a write for good syncs in a relaxed record, and no other does") {
    StorageFixture record;
    record.sharing = GENERATE(Sharing::closed, Sharing::open);
    record.come_and_go();
    auto opened = std::make_unique<sqlite::Connection>(
        record.path, sqlite::Connection::Options{.durability = Durability::relaxed, .busy_timeout = {}});
    sqlite::Connection& connection = *opened;
    connection.choose_journal(record.sharing);
    sqlite::Engine engine(std::move(opened), sqlite::AgentIdentity::current(), record.clock,
                          {.announce = [](const std::vector<Change>&) {}, .show_life = [] {}});
    const auto synchronous = [&](record::Transaction&) { return connection.pragma("synchronous"); };
    engine.write([&](record::Transaction& transaction) { CHECK(synchronous(transaction) == normal); });
    engine.write_for_good([&](record::Transaction& transaction) { CHECK(synchronous(transaction) == full); });
    engine.write([&](record::Transaction& transaction) { CHECK(synchronous(transaction) == normal); });
    const auto fail = [&] { engine.write_for_good([](record::Transaction&) { throw std::bad_alloc(); }); };
    CHECK_THROWS_AS(fail(), std::bad_alloc);
    CHECK(connection.pragma("synchronous") == normal);
}
