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

/// How a storage of a test is opened, on any engine.
struct Opening {
    Durability durability = Durability::full;  ///< of a file
    std::optional<Sharing> sharing = {};       ///< of a file
    std::chrono::milliseconds busy_timeout{5000};
    std::shared_ptr<const Clock> clock = nullptr;  ///< null: the engine's own
};

/// Which agents may still be at work.
enum class Agents { all_gone, some_at_work };

/// The columns of a row, as texts; empty if they are NULL.
using RecordRow = std::vector<std::string>;

/// Whether a column of such a row is true, which engines write differently.
[[nodiscard]] inline bool says_yes(const std::string& column) {
    return column == "1" || column == "t";
}

/// The record of a test: a file, or a database on a server. It is removed with this object, or with its directory.
class TestRecord {
public:
    TestRecord() = default;
    virtual ~TestRecord() = default;
    TestRecord(const TestRecord&) = delete;
    TestRecord& operator=(const TestRecord&) = delete;

    [[nodiscard]] virtual std::shared_ptr<Storage> open(const Opening& opening) const = 0;
    /// Whether there is a record to look into. A file is created by the first process that opens it.
    [[nodiscard]] virtual bool is_there() const = 0;
    /// Whether the times on record are in the order of events. If several write at once, each takes its time before it
    /// waits for the others.
    [[nodiscard]] virtual bool has_times_in_order() const = 0;
    /// The period in which those who race begin: as long as the slowest one needs.
    [[nodiscard]] virtual std::chrono::microseconds turn() const = 0;
    /// Waits until nothing that killed processes sent is in progress any more. If all are gone, also waits until they
    /// count as gone.
    virtual void wait_out_the_killed(Agents agents) const = 0;
    /// What another program reads there: the rows of each statement, all as of one moment. The statements and table
    /// names must be understood by both engines.
    [[nodiscard]] virtual std::vector<std::vector<RecordRow>> read(
        const std::vector<std::string>& statements) const = 0;
    /// What is damaged, apart from the content; empty if nothing is.
    [[nodiscard]] virtual std::string damage() const = 0;
};

/// The rows of one statement.
[[nodiscard]] std::vector<RecordRow> rows_of(const TestRecord& record, const std::string& statement);

/// Creates the record of a test in a directory that belongs to it alone.
using RecordMaker = std::function<std::shared_ptr<const TestRecord>(const std::filesystem::path& directory)>;

/// Applies from now on to the whole process. Without a maker, or with an empty one, the record is the file "approve.db"
/// in the directory.
void set_record_maker(RecordMaker maker);
[[nodiscard]] std::shared_ptr<const TestRecord> make_record(const std::filesystem::path& directory);

}  // namespace approvekit::testing
