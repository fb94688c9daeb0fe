#include "sqlite/locked_file.hpp"

#include "sqlite/open_file.hpp"

#include <sqlite3.h>

#include <utility>

namespace approvekit::sqlite {
namespace {

// Far behind all that SQLite stores or locks: shared by those of us who have the log of this file open, and held by
// whoever of us is opening it.
constexpr ::off_t log_users_byte = ::off_t{1} << 62;
constexpr ::off_t joining_byte = log_users_byte + 1;

}  // namespace

std::unique_ptr<LockedFile> LockedFile::open(const char* path, bool for_writing) {
    FileDescriptor file = open_existing_file(path, for_writing);
    struct stat identity {};
    if (!file || ::fstat(file.get(), &identity) != 0) return nullptr;
    return std::unique_ptr<LockedFile>(new LockedFile(path, std::move(file), identity));
}

LockedFile::LockedFile(std::string path, FileDescriptor file, const struct stat& identity)
    : path_(std::move(path)), file_(std::move(file)), identity_(identity), bytes_(file_.get()), locks_(file_.get()) {}

LockedFile::~LockedFile() {
    // Said explicitly because a forked child may keep the description, and with it the locks, open for long.
    close_index(false);
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
    // One after the other, so that what they find of each other's locks is true.
    if (const int result = bytes_.exclude(joining_byte, 1); result != SQLITE_OK) return result;
    const int result = join_log();
    const int released = bytes_.release(joining_byte, 1);
    if (result != SQLITE_OK) index_.reset();
    return result == SQLITE_OK ? released : result;
}

int LockedFile::join_log() {
    bool is_first = false;
    index_.emplace(path_ + "-shm");
    if (const int result = index_->open(identity_, is_first); result != SQLITE_OK) return result;
    // All who use one log use one database, and the other way round: else the one or the other was moved.
    const bool has_users = bytes_.are_held_by_others(log_users_byte, 1);
    const bool fits = is_first ? !has_users : has_users || locks_.has_other_readers();
    return fits ? bytes_.share(log_users_byte, 1) : SQLITE_CANTOPEN_DIRTYWAL;
}

int LockedFile::lock_index(int first, int count, int flags) noexcept {
    return index_ ? index_->lock(first, count, flags) : SQLITE_IOERR_SHMLOCK;
}

void LockedFile::close_index(bool remove) noexcept {
    if (index_ && remove) index_->remove();
    if (index_) static_cast<void>(bytes_.release(log_users_byte, 1));
    index_.reset();
}

}  // namespace approvekit::sqlite
