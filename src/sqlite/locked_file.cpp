#include "sqlite/locked_file.hpp"

#include "sqlite/open_file.hpp"

#include <sqlite3.h>

#include <utility>

namespace approvekit::sqlite {

std::unique_ptr<LockedFile> LockedFile::open(const char* path, bool for_writing) {
    FileDescriptor file = open_existing_file(path, for_writing);
    struct stat identity {};
    if (!file || ::fstat(file.get(), &identity) != 0) return nullptr;
    return std::unique_ptr<LockedFile>(new LockedFile(path, std::move(file), identity));
}

LockedFile::LockedFile(std::string path, FileDescriptor file, const struct stat& identity)
    : path_(std::move(path)), file_(std::move(file)), identity_(identity), locks_(file_.get()) {}

LockedFile::~LockedFile() {
    // Said explicitly because a forked child may keep the description, and with it the locks, open for long.
    static_cast<void>(locks_.unlock(SQLITE_LOCK_NONE));
}

bool LockedFile::has_moved() const noexcept {
    struct stat now {};
    return ::lstat(path_.c_str(), &now) != 0 || now.st_dev != identity_.st_dev || now.st_ino != identity_.st_ino;
}

int LockedFile::map_index(std::size_t region, std::size_t size, bool extend, void volatile** memory) {
    if (!index_) {
        if (const int result = open_index(); result != SQLITE_OK) return result;
    }
    return index_->map(region, size, extend, memory);
}

int LockedFile::open_index() {
    bool is_first = false;
    index_.emplace(path_ + "-shm");
    int result = index_->open(identity_, is_first);
    // Whoever uses a log holds a lock on its database too. Where that is not this one, it was moved away from here.
    if (result == SQLITE_OK && !is_first && !locks_.has_other_readers()) result = SQLITE_CANTOPEN_DIRTYWAL;
    if (result != SQLITE_OK) index_.reset();
    return result;
}

int LockedFile::lock_index(int first, int count, int flags) noexcept {
    return index_ ? index_->lock(first, count, flags) : SQLITE_IOERR_SHMLOCK;
}

void LockedFile::close_index(bool remove) noexcept {
    if (index_ && remove) index_->remove();
    index_.reset();
}

}  // namespace approvekit::sqlite
