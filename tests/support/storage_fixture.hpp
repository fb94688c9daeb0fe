#pragma once

#include "approvekit/sqlite_storage.hpp"
#include "support/manual_clock.hpp"
#include "support/scratch_database.hpp"

#include <chrono>
#include <memory>

/// A database whose storages share a clock that stands still.
struct StorageFixture : ScratchDatabase {
    [[nodiscard]] std::unique_ptr<approvekit::SqliteStorage> open() const { return open(path); }

    /// As open(), under another name.
    [[nodiscard]] std::unique_ptr<approvekit::SqliteStorage> open(const std::filesystem::path& name) const {
        return std::make_unique<approvekit::SqliteStorage>(name, options());
    }

    [[nodiscard]] approvekit::SqliteStorage::Options options() const {
        approvekit::SqliteStorage::Options options;
        options.clock = clock;
        options.poll_interval = std::chrono::milliseconds{20};
        options.sharing = sharing;
        return options;
    }

    /// Acts as an agent that has nothing to do.
    void come_and_go() const { static_cast<void>(open()); }

    approvekit::Sharing sharing = approvekit::Sharing::open;  // with the shell
    std::shared_ptr<approvekit::testing::ManualClock> clock = std::make_shared<approvekit::testing::ManualClock>();
};
