#include "sqlite/sharing_lock.hpp"

#include "approvekit/error.hpp"
#include "sqlite/locked_file.hpp"

#include <sqlite3.h>

#include <chrono>
#include <thread>

namespace approvekit::sqlite {

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
