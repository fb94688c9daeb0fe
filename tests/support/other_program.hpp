#pragma once

#include "approvekit/sqlite_storage.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>

/// For a storage whose file is also written by other programs.
inline approvekit::SqliteStorage::Options shared_with_others() {
    approvekit::SqliteStorage::Options options;
    options.sharing = approvekit::Sharing::open;
    return options;
}

/// The database as another program opens it. It waits for locks, since a storage of the test may write at any moment.
inline SQLite::Database as_other_program(const std::filesystem::path& path, int flags = SQLite::OPEN_READWRITE) {
    constexpr int patience_milliseconds = 10'000;
    return {path.string(), flags, patience_milliseconds};
}
