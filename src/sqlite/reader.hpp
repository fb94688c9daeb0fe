#pragma once

#include "approvekit/error.hpp"
#include "approvekit/sqlite_storage.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/schema.hpp"
#include "sqlite/tables.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Transaction.h>

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

namespace approvekit::sqlite {

/// The connection for reading; thread-safe. Separate, so that readers do not wait behind commits.
class Reader {
public:
    Reader(const std::filesystem::path& path, const SqliteStorage::Options& options, bool read_only)
        : path_(path), options_{options.durability, options.busy_timeout, read_only} {
        translating(path_, [this] { open_settled(); });
    }

    template <typename Work>
    auto read(Work&& work) {
        return translating(path_, [&] {
            const std::lock_guard lock(mutex_);
            // If the last opening failed, there is nothing to check.
            if (tables_) connection_->expect_in_place();
            if (!tables_ || !connection_->is_current()) open_settled();
            try {
                auto result = work(*tables_);
                if (connection_->is_current()) return result;
            } catch (const SQLite::Exception& error) {
                if (may_pass(error)) {
                    tables_.reset();
                } else if (connection_->is_current()) {
                    throw;
                }
            }
            throw StorageError(ErrorCode::storage_busy,
                               path_.string() + ": it was written while it was read; try again");
        });
    }

    /// As read(), but everything that `work` reads is from one moment.
    template <typename Work>
    auto snapshot(Work&& work) {
        return read([&](Tables& tables) {
            const SQLite::Transaction moment(connection_->database());
            return work(tables);
        });
    }

    /// As Connection::expect_in_place().
    void expect_in_place() {
        read([](Tables&) { return true; });
    }

    /// Returns another number after each commit of another connection, which includes all other connections of this
    /// process.
    [[nodiscard]] std::int64_t version() {
        return read([this](Tables&) { return connection_->pragma("data_version"); });
    }

private:
    static constexpr int most_openings = 400;
    static constexpr std::chrono::milliseconds opening_interval{5};

    /// Whether this error of a read-only connection comes from the index of a log that a writer is about to create or
    /// remove. Without such a writer the error stays.
    [[nodiscard]] bool may_pass(const SQLite::Exception& error) const {
        const int code = error.getExtendedErrorCode();
        const bool is_of_index =
            (code & 0xff) == SQLITE_READONLY && code != SQLITE_READONLY_ROLLBACK && code != SQLITE_READONLY_DBMOVED;
        return options_.read_only && is_of_index;
    }

    /// Tries for two seconds, on a machine that is not busy.
    void open_settled() {
        for (int opening = 1;; ++opening) {
            try {
                return open();
            } catch (const SQLite::Exception& error) {
                if (opening == most_openings || !may_pass(error)) throw;
            }
            std::this_thread::sleep_for(opening_interval);
        }
    }

    void open() {
        tables_.reset();
        connection_.emplace(path_, options_);
        if (options_.read_only) check_schema(*connection_);
        // Reading joins the users of the log. Otherwise nobody would notice if the log were moved before the first
        // read.
        static_cast<void>(connection_->pragma("user_version"));
        tables_.emplace(connection_->database());
    }

    std::mutex mutex_;
    std::filesystem::path path_;
    Connection::Options options_;
    std::optional<Connection> connection_;
    std::optional<Tables> tables_;
};

}  // namespace approvekit::sqlite
