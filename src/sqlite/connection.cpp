#include "sqlite/connection.hpp"

#include "approvekit/error.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_system.hpp"
#include "sqlite/locked_file.hpp"
#include "sqlite/side_files.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>

namespace approvekit::sqlite {
namespace {

ErrorCode code_of(int result) noexcept {
    if (result == SQLITE_READONLY_DBMOVED || result == SQLITE_CANTOPEN_DIRTYWAL || result == cannot_open_outside_log)
        return ErrorCode::storage_moved;
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:  // too many joined the users of a log at the same time
            return ErrorCode::storage_busy;
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return ErrorCode::storage_read_only;
        case SQLITE_FULL:
            return ErrorCode::storage_full;
        case SQLITE_CORRUPT:
            return ErrorCode::storage_corrupt;
        case SQLITE_NOTADB:
            return ErrorCode::not_a_database;
        default:
            return ErrorCode::storage_io;
    }
}

std::string_view explanation(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::storage_busy:
            return "other writers held the database for too long";
        case ErrorCode::storage_read_only:
            return "the database cannot be written";
        case ErrorCode::storage_full:
            return "the disk is full";
        case ErrorCode::storage_corrupt:
            return "the database is damaged; keep the file and restore a copy";
        case ErrorCode::not_a_database:
            return "this is not a database";
        case ErrorCode::storage_moved:
            return "this file, the one that stood here before, or the log of either was moved or removed while it is "
                   "open: stop the programs that have it open first";
        default:
            return "the database cannot be read or written";
    }
}

/// SQLite's messages do not say why it cannot open or write a file.
std::string reason_of(const SQLite::Exception& error, ErrorCode code, const std::filesystem::path& path) {
    if (error.getExtendedErrorCode() == SQLITE_READONLY_ROLLBACK) {
        return "beside it is the journal of a write that was cut off, which only a writer can take back; open it "
               "where it can be written, or copy both files to such a place";
    }
    if (error.getExtendedErrorCode() == cannot_open_outside_log) {
        return "another program reads it without taking part in its log: it opened the file under another name, or it "
               "may only read; stop that program first";
    }
    const int kind = error.getErrorCode() & 0xff;
    const bool is_about_files = kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_IOERR;
    const auto obstacle = is_about_files ? obstacle_at(path) : std::nullopt;
    return obstacle ? *obstacle : std::string(explanation(code));
}

std::string database_moved(const std::filesystem::path& path) {
    std::error_code ignored;
    const bool is_gone = !std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
    return std::string(is_gone ? ": the database was moved away or removed while it was open"
                               : ": another file was put in the place of the database that is open") +
           ". Nothing more is written to either: put the first one back, or restart this program to use what is there "
           "now";
}

std::string log_moved(bool is_saved) {
    return std::string(
               ": its log (-wal) or the index of that (-shm) was moved, removed or replaced while the database "
               "was open. Nothing more is written; ") +
           (is_saved ? "what the log held is in the database now: " : "what the log held could not be saved yet: ") +
           "stop all programs that have it open, then start them again";
}

SQLite::Database open(const std::filesystem::path& path) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    check_journals(path);
    return {path.c_str(), flags, 0, file_system_name()};
}

SQLite::Database open_to_read(const std::filesystem::path& path, bool without_locks) {
    constexpr int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    return {file_uri(path) + (without_locks ? "?immutable=1" : ""), flags, 0, file_system_name()};
}

}  // namespace

StorageError storage_error(const SQLite::Exception& error, const std::filesystem::path& path) {
    const ErrorCode code = code_of(error.getExtendedErrorCode());
    const std::string reason = reason_of(error, code, path);
    return StorageError(code, path.string() + ": " + reason + " (" + error.what() + ")");
}

Connection::Connection(const std::filesystem::path& path, Options options)
    : path_(path),
      options_(options),
      unlocked_(
          translating(path, [&] { return options.read_only ? UnlockedReading::where_needed(path) : std::nullopt; })),
      database_(translating(
          path, [&] { return options.read_only ? open_to_read(path, unlocked_.has_value()) : open(path); })) {
    translating(path, [this] { harden(); });
    // SQLite falls back to reading only, and would then complain that it cannot open the log either.
    if (!options_.read_only && sqlite3_db_readonly(database_.getHandle(), "main") == 1) {
        throw StorageError(ErrorCode::storage_read_only,
                           path.string() + ": " + std::string(explanation(ErrorCode::storage_read_only)));
    }
}

void Connection::harden() {
    sqlite3* handle = database_.getHandle();
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    // Until choose_journal() the file may belong to another program, and closing it must not write the log into it.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    if (options_.busy_timeout.count() > 0) sqlite3_busy_handler(handle, &Connection::wait_for_others, this);
    database_.exec("PRAGMA mmap_size = 0");
    database_.exec("PRAGMA temp_store = MEMORY");
    // Data that is deleted or masked later must not remain in free pages.
    database_.exec("PRAGMA secure_delete = ON");
}

void Connection::choose_journal(Sharing sharing) {
    // Checked again now that the database was read: files that were put there in the meantime must not be written into
    // it.
    check_journals(path_);
    sqlite3_db_config(database_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    // Without our locks only SQLite itself can keep checkpoints and writers apart; other hosts share no memory.
    const bool is_safe =
        wal_is_safe(sqlite3_libversion_number()) || (sharing == Sharing::closed && file_system_name() != nullptr);
    if (is_safe && !is_on_network(path_)) {
        // The other mode is as safe, so a database in use may keep it.
        database_.tryExec("PRAGMA journal_mode = WAL");
        // Reading joins the users of the log, so that nobody takes the file for unused.
        static_cast<void>(pragma("user_version"));
    } else {
        database_.exec("PRAGMA journal_mode = TRUNCATE");
    }
    database_.exec(synchronous());
    // Files that SQLite has just made may have another group than the database.
    check_journals(path_);
}

const char* Connection::synchronous() {
    if (options_.durability == Durability::full) return "PRAGMA synchronous = FULL";
    // With a log this syncs only before a checkpoint. With a journal, less than FULL could damage the file.
    return "PRAGMA synchronous = NORMAL";
}

void Connection::expect_in_place() {
    int place = 0;
    sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_HAS_MOVED, &place);
    if (place == static_cast<int>(Place::as_opened)) return;
    // Makes the file whole, wherever it is now. This does not depend on any file name.
    const int saved =
        sqlite3_wal_checkpoint_v2(database_.getHandle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    throw StorageError(ErrorCode::storage_moved,
                       path_.string() + (place == static_cast<int>(Place::log_moved) ? log_moved(saved == SQLITE_OK)
                                                                                     : database_moved(path_)));
}

LockedFile* Connection::locked_file() noexcept {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(database_.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    return locked_file_of(file);
}

std::int64_t Connection::pragma(const char* name) {
    SQLite::Statement statement(database_, std::string("PRAGMA ") + name);
    return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

// SQLite's own handler sleeps longer and longer in fixed steps. So those who have waited longest try least often, and
// writers that sync starve each other. Short random sleeps give all the same chance.
int Connection::wait_for_others(void* self, int attempt) noexcept {
    auto& connection = *static_cast<Connection*>(self);
    const auto now = std::chrono::steady_clock::now();
    if (attempt == 0) connection.waiting_since_ = now;
    if (now - connection.waiting_since_ >= connection.options_.busy_timeout) return 0;
    thread_local std::minstd_rand random{static_cast<unsigned>(now.time_since_epoch().count())};
    const int longest = std::min(200 + attempt * 100, 4000);
    std::this_thread::sleep_for(std::chrono::microseconds(100 + static_cast<int>(random()) % longest));
    return 1;
}

void Connection::roll_back() noexcept {
    if (sqlite3_get_autocommit(database_.getHandle()) != 0) return;
    try {
        rollback_.run();
    } catch (const SQLite::Exception&) {
        // The next transaction tries again.
    }
}

bool wal_is_safe(int version) noexcept {
    const bool in_3_44 = version >= 3044006 && version < 3045000;
    const bool in_3_50 = version >= 3050007 && version < 3051000;
    return in_3_44 || in_3_50 || version >= 3051003;
}

Transaction::Transaction(Connection& connection) : connection_(connection) {
    // Prepared in advance, since there may be no memory for it when it is needed. Then the lock would stay, and others
    // would wait for it.
    connection_.rollback_.prepare();
    // If the last rollback failed nevertheless, it is done now.
    connection_.roll_back();
    connection_.expect_in_place();
    connection_.begin_.run();
}

Transaction::~Transaction() {
    if (open_) connection_.roll_back();
}

void Transaction::commit() {
    connection_.commit_.run();
    open_ = false;
}

FullSync::FullSync(Connection& connection) : connection_(connection) {
    if (connection_.options_.durability == Durability::full) return;
    connection_.roll_back();  // SQLite would refuse within a transaction that could not be ended
    translating(connection_.path_, [this] { connection_.database_.exec("PRAGMA synchronous = FULL"); });
}

FullSync::~FullSync() {
    if (connection_.options_.durability == Durability::full) return;
    // if this fails, it only syncs more than needed
    static_cast<void>(connection_.database_.tryExec(connection_.synchronous()));
}

SharingLock::SharingLock(Connection& connection) : connection_(connection), file_(connection.locked_file()) {
    take(false);
}

SharingLock::~SharingLock() {
    if (file_ != nullptr) file_->unlock_sharing();
}

void SharingLock::make_exclusive() {
    if (file_ != nullptr) file_->unlock_sharing();
    take(true);
}

void SharingLock::take(bool exclusively) {
    if (file_ == nullptr) return;
    const auto end = std::chrono::steady_clock::now() + connection_.busy_timeout();
    for (;;) {
        const int result = file_->lock_sharing(exclusively);
        if (result == SQLITE_OK) return;
        const bool is_late = std::chrono::steady_clock::now() >= end;
        if (result != SQLITE_BUSY || is_late) {
            throw StorageError(result == SQLITE_BUSY ? ErrorCode::storage_busy : ErrorCode::storage_io,
                               connection_.path().string() +
                                   ": who may write this record is being looked up or changed by another program, for "
                                   "too long; try again");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

}  // namespace approvekit::sqlite
