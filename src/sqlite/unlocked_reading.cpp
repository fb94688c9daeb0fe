#include "sqlite/unlocked_reading.hpp"

#include "approvekit/error.hpp"
#include "sqlite/file_system.hpp"
#include "sqlite/side_files.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cctype>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <thread>
#include <utility>

namespace approvekit::sqlite {

namespace fs = std::filesystem;

namespace {

/// The byte of a database file that tells how it is to be read: 2 with a write-ahead log.
constexpr sqlite3_int64 read_version_position = 19;

// Places in a State.
constexpr std::size_t log_place = 2;
constexpr std::size_t index_place = 3;

constexpr int most_looks = 100;
constexpr std::chrono::milliseconds look_interval(5);

/// Read through SQLite, which closes no descriptor of the file while a connection of this process has locks on it that
/// would go with that: those it takes where the system has none of our kind.
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

UnlockedReading::UnlockedReading(fs::path database, const State& state)
    : database_(std::move(database)), state_(state) {}

UnlockedReading::State UnlockedReading::state_of(const fs::path& database) {
    State state{describe(database)};
    for (std::size_t i = 0; i < journal_suffixes.size(); ++i)
        state.at(i + 1) = describe(side_file(database, journal_suffixes.at(i)));
    return state;
}

/// Who closes a database last removes the index first and the log after it, which is empty of news by then.
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

std::string file_uri(const fs::path& path) {
    std::string uri = "file:";
    for (const char byte : path.string()) {
        if (std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '/' || byte == '.' || byte == '-') {
            uri += byte;
            continue;
        }
        std::array<char, 4> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "%%%02X",
                      static_cast<unsigned>(static_cast<unsigned char>(byte)));
        uri += escaped.data();
    }
    return uri;
}

}  // namespace approvekit::sqlite
