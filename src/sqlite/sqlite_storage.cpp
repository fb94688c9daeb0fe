#include "approvekit/sqlite_storage.hpp"

#include "sqlite/storage_implementation.hpp"

#include <utility>

namespace approvekit {

SqliteStorage::SqliteStorage(const std::filesystem::path& path) : SqliteStorage(path, Options{}) {}

SqliteStorage::SqliteStorage(const std::filesystem::path& path, Options options)
    : implementation_(std::make_unique<Implementation>(path, std::move(options))) {}

SqliteStorage::~SqliteStorage() {
    if (implementation_->in_child()) {
        // Closing would run SQLite's clean-up on files that belong to the parent.
        static_cast<void>(implementation_.release());
        return;
    }
    implementation_->close();
}

const std::filesystem::path& SqliteStorage::path() const noexcept {
    return implementation_->file().path;
}

bool SqliteStorage::read_only() const noexcept {
    return implementation_->read_only();
}

bool SqliteStorage::created() const noexcept {
    return implementation_->file().created;
}

record::OpenRecord& SqliteStorage::opened() {
    return *implementation_;
}

}  // namespace approvekit
