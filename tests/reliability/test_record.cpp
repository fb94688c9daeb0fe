#include "test_record.hpp"

#include "support/other_program.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <utility>

namespace approvekit::testing {
namespace {

class FileRecord final : public TestRecord {
public:
    explicit FileRecord(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] std::shared_ptr<Storage> open(const Opening& opening) const override {
        SqliteStorage::Options options;
        options.durability = opening.durability;
        options.sharing = opening.sharing;
        options.busy_timeout = opening.busy_timeout;
        if (opening.clock) options.clock = opening.clock;
        return std::make_shared<SqliteStorage>(path_, options);
    }

    [[nodiscard]] bool is_there() const override { return std::filesystem::exists(path_); }
    [[nodiscard]] bool has_times_in_order() const override { return true; }
    [[nodiscard]] std::chrono::microseconds turn() const override { return std::chrono::microseconds{400}; }

    // The kernel drops the locks of a killed process at once.
    void wait_out_the_killed(Agents /*agents*/) const override {}

    [[nodiscard]] std::vector<std::vector<RecordRow>> read(const std::vector<std::string>& statements) const override {
        SQLite::Database database = as_other_program(path_);
        const SQLite::Transaction snapshot(database);
        std::vector<std::vector<RecordRow>> all;
        for (const std::string& sql : statements)
            all.push_back(rows(database, sql));
        return all;
    }

    [[nodiscard]] std::string damage() const override {
        SQLite::Database database = as_other_program(path_);
        const std::string integrity = database.execAndGet("PRAGMA integrity_check").getString();
        return integrity == "ok" ? "" : integrity;
    }

private:
    static std::vector<RecordRow> rows(const SQLite::Database& database, const std::string& sql) {
        std::vector<RecordRow> rows;
        SQLite::Statement statement(database, sql);
        while (statement.executeStep()) {
            RecordRow& row = rows.emplace_back();
            for (int column = 0; column < statement.getColumnCount(); ++column)
                row.push_back(statement.getColumn(column).getString());
        }
        return rows;
    }

    std::filesystem::path path_;
};

std::shared_ptr<const TestRecord> make_file_record(const std::filesystem::path& directory) {
    return std::make_shared<const FileRecord>(directory / "approve.db");
}

RecordMaker& maker() {
    static RecordMaker made = make_file_record;
    return made;
}

}  // namespace

std::vector<RecordRow> rows_of(const TestRecord& record, const std::string& statement) {
    return record.read({statement}).front();
}

void set_record_maker(RecordMaker wanted) {
    maker() = wanted ? std::move(wanted) : make_file_record;
}

std::shared_ptr<const TestRecord> make_record(const std::filesystem::path& directory) {
    return maker()(directory);
}

}  // namespace approvekit::testing
