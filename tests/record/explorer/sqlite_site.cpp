#include "record/explorer/process_site.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "support/scratch_database.hpp"

#include <utility>

namespace approvekit::explorer {

namespace {

constexpr const char* edits_of_entry = "json_extract(metadata, '$.edited.edits')";

/// SQL that sets the metadata to `metadata` in the entries of `table` that have edits.
std::string change_of_entries(const std::string& table, const std::string& metadata) {
    return "UPDATE " + table + " SET metadata = " + metadata + " WHERE json_valid(metadata) AND " + edits_of_entry +
           " IS NOT NULL";
}

class File final : public Ground {
public:
    [[nodiscard]] std::unique_ptr<Storage> open(std::shared_ptr<const Clock> clock) override {
        SqliteStorage::Options options;
        options.clock = std::move(clock);
        options.sharing = Sharing::open;
        options.durability = Durability::relaxed;
        return std::make_unique<SqliteStorage>(file_.path, options);
    }
    void run(const std::string& statements) override { file_.shell(statements); }
    [[nodiscard]] std::string insert_or_ignore() const override { return "INSERT OR IGNORE"; }
    [[nodiscard]] std::string edits_removed(const std::string& table) const override {
        return change_of_entries(table, "json_remove(metadata, '$.edited')");
    }
    [[nodiscard]] std::string edits_swapped(const std::string& table) const override {
        const std::string other = std::string("iif(") + edits_of_entry + " = '" + edits_for(Version::edited).dump() +
                                  "', " + recipient_in(Version::edited_otherwise) + ", " +
                                  recipient_in(Version::edited) + ")";
        return change_of_entries(table, "json_set(metadata, '$.edited.edits', json_object('" +
                                            std::string(edited_path) + "', " + other + "), '$.edited.tool_args.to', " +
                                            other + ")");
    }

private:
    ScratchDatabase file_;
};

}  // namespace

SqliteSite::SqliteSite(Setting setting) : ProcessSite(std::make_unique<File>(), setting) {}

}  // namespace approvekit::explorer
