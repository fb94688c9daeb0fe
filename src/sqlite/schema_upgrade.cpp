#include "sqlite/schema_upgrade.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "sqlite/sharing_triggers.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

StorageError backup_failed(const fs::path& backup, int error) {
    const auto code = error == ENOSPC || error == EDQUOT ? ErrorCode::storage_full : ErrorCode::storage_io;
    return StorageError(code, backup.string() + ": the backup that precedes a newer schema cannot be written (" +
                                  std::generic_category().message(error) + "); the record was not changed");
}

/// SQLite would make it with whatever mode the process gives its files.
void make_private(const fs::path& file) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw backup_failed(file, errno);
    const FileDescriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!made) throw backup_failed(file, errno);
}

void sync(const fs::path& file, int flags) {
    const FileDescriptor open(::open(file.c_str(), flags | O_CLOEXEC));
    if (!open || ::fsync(open.get()) != 0) throw backup_failed(file, errno);
}

}  // namespace

void back_up(const Connection& connection, std::int64_t version) {
    const fs::path backup = connection.path().string() + "-v" + std::to_string(version) + "-backup";
    const fs::path unfinished = backup.string() + "-unfinished";
    make_private(unfinished);
    {
        // SQLite copies nothing within a transaction, so another connection does.
        Connection reading(connection.path(), {Durability::full, connection.busy_timeout()});
        SQLite::Statement copy(reading.database(), "VACUUM INTO ?");
        copy.bind(1, unfinished.string());
        copy.exec();
    }
    sync(unfinished, O_RDONLY | O_NOFOLLOW);
    if (std::rename(unfinished.c_str(), backup.c_str()) != 0) throw backup_failed(backup, errno);
    sync(backup.parent_path(), O_RDONLY | O_DIRECTORY);
}

void add_keys(Connection& connection, Sharing sharing) {
    constexpr int version = 2;
    for (const SchemaObject& object : keys_objects)
        connection.database().exec(object.sql);
    for (const Trigger& trigger : triggers_of(sharing)) {
        if (trigger.since_version == version) connection.database().exec(trigger.sql);
    }
}

}  // namespace approvekit::sqlite
