#include "sqlite/schema_upgrade.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "sqlite/lease.hpp"
#include "sqlite/schema_objects.hpp"
#include "sqlite/sessions_table.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <thread>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

StorageError older_in_use(const Connection& connection) {
    return StorageError(ErrorCode::storage_busy,
                        connection.path().string() +
                            ": an older release made this record, and it can be brought up only while nobody uses it. "
                            "Stop the agents and reviewers that have it open, then open it again");
}

/// Whether the file no longer uses a write-ahead log.
bool leaves_log(Connection& connection) {
    try {
        connection.database().exec("PRAGMA journal_mode = TRUNCATE");
        return true;
    } catch (const SQLite::Exception& error) {
        if ((error.getErrorCode() & 0xff) != SQLITE_BUSY) throw;
        return false;
    }
}

bool has_living_agent(Connection& connection, Time now) {
    const LeaseProbe probe(connection.path());
    for (const StoredSession& session : SessionsTable(connection.database()).open()) {
        if (!probe.is_gone(session.agent, session.number, now)) return true;
    }
    return false;
}

StorageError backup_failed(const fs::path& backup, ErrorCode code, const std::string& reason) {
    return StorageError(code, backup.string() + ": the backup that precedes a newer schema cannot be written (" +
                                  reason + "); the record was not changed");
}

StorageError backup_failed(const fs::path& backup, int error) {
    const auto code = error == ENOSPC || error == EDQUOT ? ErrorCode::storage_full : ErrorCode::storage_io;
    return backup_failed(backup, code, std::generic_category().message(error));
}

/// An unfinished copy, removed unless it gets its final name.
class UnfinishedCopy {
public:
    explicit UnfinishedCopy(const fs::path& path) : path_(path) {}
    ~UnfinishedCopy() {
        if (!is_finished_) static_cast<void>(::unlink(path_.c_str()));
    }
    UnfinishedCopy(const UnfinishedCopy&) = delete;
    UnfinishedCopy& operator=(const UnfinishedCopy&) = delete;

    void keep_as(const fs::path& name) {
        if (std::rename(path_.c_str(), name.c_str()) != 0) throw backup_failed(name, errno);
        is_finished_ = true;
    }

private:
    const fs::path& path_;
    bool is_finished_ = false;
};

/// SQLite cannot copy within a transaction, so another connection copies.
void copy_into(const fs::path& unfinished, const Connection& connection) {
    Connection reading(connection.path(), {Durability::full, connection.busy_timeout()});
    try {
        SQLite::Statement copy(reading.database(), "VACUUM INTO ?");
        copy.bind(1, unfinished.string());
        copy.exec();
    } catch (const SQLite::Exception& error) {
        throw backup_failed(unfinished, storage_error(error, unfinished).code(), error.what());
    }
}

/// Creates the file, since SQLite would create it with the default mode of the process.
void make_private(const fs::path& file) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw backup_failed(file, errno);
    const base::FileDescriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made) throw backup_failed(file, errno);
}

/// Adds the objects of version 2 for whose names `is_wanted` returns true.
void add_of_version_2(SQLite::Database& database, Sharing sharing,
                      const std::function<bool(std::string_view)>& is_wanted) {
    constexpr int version = 2;
    for (const SchemaObject& object : version_2_objects) {
        if (is_wanted(object.name)) database.exec(object.sql);
    }
    for (const Trigger& trigger : triggers_of(sharing)) {
        if (trigger.since_version == version && is_wanted(trigger.name)) database.exec(trigger.sql);
    }
}

void sync(const fs::path& file, int flags) {
    const base::FileDescriptor open(::open(file.c_str(), flags | O_CLOEXEC));
    if (!open || ::fsync(open.get()) != 0) throw backup_failed(file, errno);
}

}  // namespace

void require_alone(Connection& connection, Time now) {
    const bool has_log = connection.database().execAndGet("PRAGMA journal_mode").getString() == "wal";
    const auto end = std::chrono::steady_clock::now() + connection.busy_timeout();
    while (!leaves_log(connection)) {
        if (std::chrono::steady_clock::now() >= end) throw older_in_use(connection);
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    if (!has_log && has_living_agent(connection, now)) throw older_in_use(connection);
}

void back_up(const Connection& connection, std::int64_t version) {
    const fs::path backup = connection.path().string() + "-v" + std::to_string(version) + "-backup";
    const fs::path unfinished = backup.string() + "-unfinished";
    make_private(unfinished);
    UnfinishedCopy copy(unfinished);
    copy_into(unfinished, connection);
    sync(unfinished, O_RDONLY | O_NOFOLLOW);
    copy.keep_as(backup);
    sync(backup.parent_path(), O_RDONLY | O_DIRECTORY);
}

void add_version_2(Connection& connection, Sharing sharing) {
    add_of_version_2(connection.database(), sharing,
                     [](std::string_view name) { return !is_of(LaterPart::lanes, name); });
}

bool is_of(LaterPart part, std::string_view name) noexcept {
    constexpr std::array<std::string_view, later_parts.size()> marks{"approvekit_uses", "approvekit_grant",
                                                                     "approvekit_archive", "approvekit_lanes"};
    return name.find(marks.at(static_cast<std::size_t>(part))) != std::string_view::npos;
}

void add_part(LaterPart part, SQLite::Database& database, Sharing sharing) {
    add_of_version_2(database, sharing, [part](std::string_view name) { return is_of(part, name); });
}

}  // namespace approvekit::sqlite
