#pragma once

#include "approvekit/sqlite_storage.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/tables.hpp"

#include <filesystem>
#include <mutex>

namespace approvekit::sqlite {

/// The connection for looking things up; thread-safe, so that readers do not queue behind commits.
class Reader {
public:
    Reader(const std::filesystem::path& path, const SqliteStorage::Options& options)
        : connection_(path, {options.durability, options.busy_timeout}), tables_(connection_.database()) {}

    template <typename Work>
    auto read(Work&& work) {
        return translating(connection_.path(), [&] {
            const std::lock_guard lock(mutex_);
            return work(tables_);
        });
    }

private:
    std::mutex mutex_;
    Connection connection_;
    Tables tables_;
};

}  // namespace approvekit::sqlite
