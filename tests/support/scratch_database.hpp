#pragma once

#include "support/other_program.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

/// The database of one test, as its storages see it and as the sqlite3 shell sees it.
struct ScratchDatabase {
    /// Does what the shell would do. Creates the file if it does not exist.
    void shell(const std::string& sql) const { opened().exec(sql); }

    /// The first column of the first row that the shell would print.
    [[nodiscard]] std::string ask(const std::string& sql) const { return opened().execAndGet(sql).getString(); }

    [[nodiscard]] std::string bytes() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& bytes) const { std::ofstream(path, std::ios::binary) << bytes; }

    TemporaryDirectory directory;
    std::filesystem::path path = directory / "approve.db";

private:
    [[nodiscard]] SQLite::Database opened() const {
        return as_other_program(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    }
};
