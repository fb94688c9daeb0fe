#include "sqlite/side_files.hpp"

#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "sqlite/file_system.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

constexpr ::mode_t shared_permissions = 0666;

struct stat describe_existing(const fs::path& file) {
    if (const auto status = describe(file)) return *status;
    throw StorageError(ErrorCode::storage_io, file.string() + ": it is not there any more");
}

/// Whether only those who may write the database may create files in the folder.
bool is_closed_to_strangers(const struct stat& folder, const struct stat& database) {
    if ((folder.st_mode & S_IWOTH) != 0) return false;
    const bool group_shares = (database.st_mode & S_IWGRP) != 0 && folder.st_gid == database.st_gid;
    return (folder.st_mode & S_IWGRP) == 0 || group_shares;
}

bool is_of_sharing_group(const struct stat& side, const struct stat& database, const struct stat& folder) {
    return (database.st_mode & S_IWGRP) != 0 && side.st_gid == database.st_gid &&
           is_closed_to_strangers(folder, database);
}

bool is_like(const struct stat& side, const struct stat& database) {
    return side.st_gid == database.st_gid && ((side.st_mode ^ database.st_mode) & shared_permissions) == 0;
}

/// Uses the name, since closing a file that SQLite has open would drop its locks.
void share_by_name(const struct stat& database, const fs::path& file) noexcept {
    const ::uid_t user = ::geteuid() == 0 ? database.st_uid : static_cast<::uid_t>(-1);
    // Without the database's group, the group permissions would go to the wrong people.
    if (::lchown(file.c_str(), user, database.st_gid) != 0) return;
    static_cast<void>(::fchmodat(AT_FDCWD, file.c_str(), database.st_mode & shared_permissions, AT_SYMLINK_NOFOLLOW));
}

/// SQLite would create it with a group that may differ from the database's, and too late to forestall a stranger's
/// file.
bool needs_journal(const struct stat& database, const fs::path& folder) {
    return (database.st_mode & S_IRWXG) != 0 || !is_closed_to_strangers(describe_existing(folder), database);
}

void take_place_of_journal(const fs::path& database, const struct stat& status) {
    const base::FileDescriptor file(
        ::open(side_file(database, "-journal").c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    // If it cannot be created, SQLite says so when it wants to write.
    if (file) share_like(status, file.get());
}

/// The position of the byte in a database file that says how to read it: 2 with a write-ahead log.
constexpr sqlite3_int64 read_version_position = 19;

// Indexes into a State.
constexpr std::size_t log_place = 2;
constexpr std::size_t index_place = 3;

constexpr int most_looks = 400;
constexpr std::chrono::milliseconds look_interval(5);

/// Reads through SQLite. If the system has no locks of our kind, closing a descriptor would drop the locks of SQLite's
/// other connections in this process. SQLite then keeps the descriptor open as long as there are such locks.
bool has_log(const fs::path& database) {
    const SQLite::Database opened(database.c_str(), SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, 0, file_system_name());
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(opened.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file)) !=
        SQLITE_OK) {
        return false;
    }
    unsigned char version = 0;
    return file->pMethods->xRead(file, &version, 1, read_version_position) == SQLITE_OK && version == 2;
}

bool is_same(const std::optional<struct stat>& one, const std::optional<struct stat>& other) {
    if (!one || !other) return !one && !other;
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino && one->st_size == other->st_size &&
           one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

bool is_empty(const std::optional<struct stat>& file) {
    return !file || file->st_size == 0;
}

}  // namespace

fs::path side_file(const fs::path& database, std::string_view suffix) {
    fs::path path = database;
    path += suffix;
    return path;
}

std::optional<struct stat> describe(const fs::path& file) {
    struct stat status {};
    if (::lstat(file.c_str(), &status) == 0) return status;
    if (errno == ENOENT) return std::nullopt;
    throw StorageError(ErrorCode::storage_io, file.string() + ": " + std::generic_category().message(errno));
}

std::optional<std::string> objection_to(const struct stat& side, const struct stat& database,
                                        const struct stat& folder) {
    if (S_ISLNK(side.st_mode)) return "is a symbolic link";
    if (!S_ISREG(side.st_mode)) return "is not a regular file";
    if (side.st_nlink > 1) return "has a second name (a hard link)";
    const bool is_of_owner = side.st_uid == ::geteuid() || side.st_uid == 0 || side.st_uid == database.st_uid;
    if (!is_of_owner && !is_of_sharing_group(side, database, folder)) return "belongs to another user";
    if ((side.st_mode & S_IWOTH & ~database.st_mode) != 0) return "can be written by everybody";
    return std::nullopt;
}

void check_side_file(const fs::path& file, const struct stat& side, const fs::path& database) {
    const auto status = describe(database);
    // As long as there is no database, nobody shares it.
    struct stat nobodys = side;
    nobodys.st_uid = 0;
    nobodys.st_mode = S_IFREG;
    const auto objection = objection_to(side, status.value_or(nobodys), describe_existing(file.parent_path()));
    if (!objection) return;
    throw StorageError(ErrorCode::unsafe_path, file.string() + " " + *objection +
                                                   ", and so is not used: find out who put it there, and remove it");
}

void share_like(const struct stat& database, int file) noexcept {
    const ::uid_t user = ::geteuid() == 0 ? database.st_uid : static_cast<::uid_t>(-1);
    if (::fchown(file, user, database.st_gid) != 0) return;
    if (::fchmod(file, database.st_mode & shared_permissions) != 0) return;
}

void check_journals(const fs::path& database) {
    const struct stat status = describe_existing(database);
    for (const std::string_view suffix : journal_suffixes) {
        const fs::path file = side_file(database, suffix);
        const auto side = describe(file);
        if (side) {
            check_side_file(file, *side, database);
            if (side->st_uid == ::geteuid() && !is_like(*side, status)) share_by_name(status, file);
        } else if (suffix == "-journal" && needs_journal(status, database.parent_path())) {
            take_place_of_journal(database, status);
        }
    }
}

UnlockedReading::UnlockedReading(fs::path database, const State& state)
    : database_(std::move(database)), state_(state) {}

UnlockedReading::State UnlockedReading::state_of(const fs::path& database) {
    State state{describe(database)};
    for (std::size_t i = 0; i < journal_suffixes.size(); ++i)
        state.at(i + 1) = describe(side_file(database, journal_suffixes.at(i)));
    return state;
}

/// The last one that closes a database removes the index first and then the log, which has nothing new by then.
UnlockedReading::State UnlockedReading::settled_state_of(const fs::path& database) {
    State state = state_of(database);
    for (int look = 0; look < most_looks && !state.at(index_place) && !is_empty(state.at(log_place)); ++look) {
        std::this_thread::sleep_for(look_interval);
        state = state_of(database);
    }
    return state;
}

std::optional<UnlockedReading> UnlockedReading::where_needed(const fs::path& database) {
    const State state = settled_state_of(database);
    for (std::size_t i = 0; i < journal_suffixes.size(); ++i) {
        if (state.at(i + 1)) check_side_file(side_file(database, journal_suffixes.at(i)), *state.at(i + 1), database);
    }
    const auto& [file, journal, log, index] = state;
    if (index || !has_log(database)) return std::nullopt;
    if (is_empty(log)) return UnlockedReading(database, state);
    throw StorageError(ErrorCode::storage_read_only,
                       database.string() + ": its last entries are in " +
                           side_file(database, "-wal").filename().string() +
                           ", which can be read only where files can be made beside it; copy both to such a folder, "
                           "and open the copy");
}

bool UnlockedReading::is_unchanged() const {
    const State now = state_of(database_);
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (!is_same(state_.at(i), now.at(i))) return false;
    }
    return true;
}

}  // namespace approvekit::sqlite
