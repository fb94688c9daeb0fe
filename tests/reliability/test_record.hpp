#pragma once

#include "approvekit/clock.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::testing {

/// How a storage of a test is opened, on whichever engine.
struct Opening {
    Durability durability = Durability::full;  ///< of a file
    std::optional<Sharing> sharing = {};       ///< of a file
    std::chrono::milliseconds busy_timeout{5000};
    std::shared_ptr<const Clock> clock = nullptr;  ///< null: the engine's own
};

/// Which agents may still be at work.
enum class Agents { all_gone, some_at_work };

/// The columns of a row, as texts; empty where they are null.
using RecordRow = std::vector<std::string>;

/// Whether a column of such a row says yes, which engines say in their own ways.
[[nodiscard]] inline bool says_yes(const std::string& column) {
    return column == "1" || column == "t";
}

/// The record of a test: a file, or a database on a server. Gone with this object, or with its directory.
class TestRecord {
public:
    TestRecord() = default;
    virtual ~TestRecord() = default;
    TestRecord(const TestRecord&) = delete;
    TestRecord& operator=(const TestRecord&) = delete;

    [[nodiscard]] virtual std::shared_ptr<Storage> open(const Opening& opening) const = 0;
    /// Whether there is one to look into; a file is made by whoever opens it first.
    [[nodiscard]] virtual bool is_there() const = 0;
    /// Whether the times on record are in the order of what happened: where several write at once, each takes its time
    /// before it waits for the others.
    [[nodiscard]] virtual bool has_times_in_order() const = 0;
    /// Within which those who race for it begin: as long as the one takes who has most to do.
    [[nodiscard]] virtual std::chrono::microseconds turn() const = 0;
    /// Until nothing that killed processes sent is under way any more; where all are gone, also until they count as gone.
    virtual void wait_out_the_killed(Agents agents) const = 0;
    /// What another program reads there: the rows of each statement, all of one moment. Statements and table names are
    /// those that both engines understand.
    [[nodiscard]] virtual std::vector<std::vector<RecordRow>> read(
        const std::vector<std::string>& statements) const = 0;
    /// What is damaged apart from what it says; empty: nothing.
    [[nodiscard]] virtual std::string damage() const = 0;
};

/// The rows of one statement.
[[nodiscard]] std::vector<RecordRow> rows_of(const TestRecord& record, const std::string& statement);

/// Makes the record of a test that has that directory to itself.
using RecordMaker = std::function<std::shared_ptr<const TestRecord>(const std::filesystem::path& directory)>;

/// From now on, in the whole process. Unless told otherwise, or told nothing, the record is the file "approve.db" of the directory.
void set_record_maker(RecordMaker maker);
[[nodiscard]] std::shared_ptr<const TestRecord> make_record(const std::filesystem::path& directory);

}  // namespace approvekit::testing
