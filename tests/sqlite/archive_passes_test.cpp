// How an archive is recorded while others go on writing.
#include "approvekit/sqlite_storage.hpp"
#include "record/archiving.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/engine.hpp"
#include "sqlite/reader.hpp"
#include "support/catch.hpp"
#include "support/temporary_directory.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

using namespace approvekit;

namespace {

/// A record that another process writes, as often as the archive asks how far the entries are complete.
class BusyRecord {
public:
    BusyRecord() { write(2); }

    /// Before each look, that many entries are written; after the last of these numbers, none.
    ArchiveResult archive(const std::vector<int>& written) {
        looks_ = 0;
        const auto settled_end = [&] {
            write(looks_ < written.size() ? written[looks_] : 0);
            ++looks_;
            return std::numeric_limits<std::int64_t>::max();
        };
        const auto look = [this](const std::function<void(record::Tables&)>& work) {
            reader_.snapshot([&](sqlite::Tables& tables) {
                record::Tables of_record = tables.of_record();
                work(of_record);
                return true;
            });
        };
        ArchiveOrder order;
        order.before = SystemClock().now();
        order.file = directory_ / "archive";
        order.reviewer = "ana";
        return record::Archiving(ledger_, look, settled_end).run(order);
    }
    [[nodiscard]] std::size_t looks() const { return looks_; }
    [[nodiscard]] bool is_intact() { return other_.verify_audit().intact(); }

private:
    void write(int entries) {
        for (int count = 0; count < entries; ++count)
            static_cast<void>(other_.record_intent({"read", "{}", "{}", "allowed", "test"}));
    }

    TemporaryDirectory directory_;
    SqliteStorage::Options options_{.durability = Durability::relaxed, .sharing = {}};
    SqliteStorage other_{directory_ / "record.db", options_};
    sqlite::Engine engine_{
        std::make_unique<sqlite::Connection>(
            directory_ / "record.db",
            sqlite::Connection::Options{.durability = Durability::relaxed, .busy_timeout = options_.busy_timeout}),
        sqlite::AgentIdentity::current(),
        options_.clock,
        {.announce = [](const std::vector<Change>&) {}, .show_life = [] {}}};
    record::Ledger ledger_{engine_};
    sqlite::Reader reader_{directory_ / "record.db", options_, false};
    std::size_t looks_ = 0;
};

}  // namespace

TEST_CASE("an archive looks at what was written meanwhile until it is little, before everybody has to wait") {
    BusyRecord record;
    // The first look is for the plan.
    CHECK(record.archive({0, 120, 90, 60, 10}).anchor);
    CHECK(record.looks() == 5);
    CHECK(record.is_intact());
}

TEST_CASE("an archive is recorded though others write much during each look") {
    BusyRecord record;
    CHECK(record.archive(std::vector<int>(1000, 50)).anchor);
    CHECK(record.looks() < 100);
    CHECK(record.is_intact());
}
