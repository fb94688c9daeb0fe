#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace approvekit::bench {

/// SQLite without our library. Not thread-safe. Throws std::runtime_error with SQLite's message.
class BareDatabase {
public:
    explicit BareDatabase(const std::filesystem::path& path);

    /// A new file with our tables and indexes, without triggers, and with the journal mode and syncs that our library
    /// would choose.
    [[nodiscard]] static BareDatabase counterpart(const std::filesystem::path& path, Durability durability);

    void run(const std::string& sql);

    /// The triggers of our schema are for foreign writers: they do what our own code does itself.
    void without_triggers();

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    [[nodiscard]] Statement prepare(const std::string& sql);

    /// Runs a statement that returns no rows once more.
    void step(const Statement& statement);

private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept { sqlite3_close(handle); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
};

/// As long and as random as a UUID, so that indexes grow in the same way, but costs almost nothing.
[[nodiscard]] std::string unique_id(std::int64_t number);

/// What an auto-approved call is compared with: the same three rows (the decision, its link in the chain, and the link
/// with the outcome of the previous call) in one transaction of plain prepared statements, in a file with the same
/// tables and indexes, the same journal mode and the same synchronous setting. Nothing is computed or read.
class BareCalls {
public:
    enum class Kind { unlimited, limited, granted };

    /// A limited one also writes a fourth row with what the call takes of a limit; a granted one, with its use of a
    /// grant.
    BareCalls(const std::filesystem::path& path, Durability durability, Kind kind = Kind::unlimited);

    void write_one();

private:
    void write_use(const std::string& id);
    void write_grant_use(const std::string& id);

    BareDatabase database_;
    BareDatabase::Statement begin_;
    BareDatabase::Statement decision_;
    BareDatabase::Statement link_;
    BareDatabase::Statement outcome_;
    BareDatabase::Statement use_;
    BareDatabase::Statement grant_use_;
    BareDatabase::Statement commit_;
    Kind kind_;
    std::int64_t sequence_ = 0;
    std::string arguments_;
    std::string metadata_;
};

}  // namespace approvekit::bench
