#include "approvekit/postgres_storage.hpp"
#include "postgres/cluster.hpp"
#include "record/explorer/process_site.hpp"
#include "support/catch.hpp"

#include <utility>

namespace approvekit::explorer {

namespace {

class Server final : public Ground {
public:
    [[nodiscard]] std::unique_ptr<Storage> open(std::shared_ptr<const Clock> clock) override {
        PostgresStorage::Options options;
        options.clock = std::move(clock);
        return std::make_unique<PostgresStorage>(database_.connection(), options);
    }
    void run(const std::string& statements) override {
        database_.script("SET search_path = approvekit; " + statements);
    }
    [[nodiscard]] std::string insert_or_ignore() const override { return "INSERT"; }
    void expect_departure(::pid_t agent) override { REQUIRE(database_.wait_for_lock(agent)); }
    void wait_for_departure(::pid_t agent) override { REQUIRE(database_.wait_for_departure(agent)); }

private:
    testing::ScratchPostgres database_;
};

}  // namespace

PostgresSite::PostgresSite(Setting setting) : ProcessSite(std::make_unique<Server>(), setting) {}

}  // namespace approvekit::explorer
