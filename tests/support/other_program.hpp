#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>

/// The database as another program opens it. It waits its turn: a storage of the test may write at any moment.
inline SQLite::Database as_other_program(const std::filesystem::path& path, int flags = SQLite::OPEN_READWRITE) {
    constexpr int patience_milliseconds = 10'000;
    return {path.string(), flags, patience_milliseconds};
}
