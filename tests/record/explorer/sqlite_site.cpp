#include "record/explorer/process_site.hpp"

#include "approvekit/sqlite_storage.hpp"
#include "support/scratch_database.hpp"

#include <utility>

namespace approvekit::explorer {

namespace {

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

private:
    ScratchDatabase file_;
};

}  // namespace

SqliteSite::SqliteSite(Setting setting) : ProcessSite(std::make_unique<File>(), setting) {}

}  // namespace approvekit::explorer
