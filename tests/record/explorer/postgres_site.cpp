#include "approvekit/postgres_storage.hpp"
#include "postgres/scratch_postgres.hpp"
#include "record/explorer/process_site.hpp"
#include "support/catch.hpp"

#include <utility>

namespace approvekit::explorer {

namespace {

constexpr const char* edits_of_entry = "metadata::jsonb #> '{edited,edits}'";

/// SQL that sets the metadata to `metadata` in the entries of `table` that have edits.
std::string change_of_entries(const std::string& table, const std::string& metadata) {
    return "UPDATE " + table + " SET metadata = (" + metadata + ")::text WHERE " + edits_of_entry + " IS NOT NULL";
}

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
    [[nodiscard]] std::string edits_removed(const std::string& table) const override {
        return change_of_entries(table, "metadata::jsonb - 'edited'");
    }
    [[nodiscard]] std::string edits_swapped(const std::string& table) const override {
        const std::string other =
            std::string("CASE WHEN ") + edits_of_entry + " = '" + edits_for(Version::edited).dump() + "' THEN " +
            recipient_in(Version::edited_otherwise) + " ELSE " + recipient_in(Version::edited) + " END";
        const std::string swapped = "jsonb_set(metadata::jsonb, '{edited,edits}', jsonb_build_object('" +
                                    std::string(edited_path) + "', " + other + "))";
        return change_of_entries(table, "jsonb_set(" + swapped + ", '{edited,tool_args,to}', to_jsonb(" + other + "))");
    }
    void expect_departure(::pid_t agent) override { REQUIRE(database_.wait_for_lock(agent)); }
    void wait_for_departure(::pid_t agent) override { REQUIRE(database_.wait_for_departure(agent)); }

private:
    testing::ScratchPostgres database_;
};

}  // namespace

PostgresSite::PostgresSite(Setting setting) : ProcessSite(std::make_unique<Server>(), setting) {}

}  // namespace approvekit::explorer
