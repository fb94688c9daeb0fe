#include "sqlite/locked_file.hpp"

#include "sqlite/open_file.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <initializer_list>
#include <new>

namespace approvekit::sqlite {
namespace {

// Far behind all that SQLite stores or locks, and behind the choices of ByteLocks: shared by those of us who have the
// log of this file open; held by whoever of us is opening it, and by whoever looks up or changes who may write the file.
constexpr ::off_t log_users_byte = ::off_t{1} << 62;
constexpr ::off_t joining_byte = log_users_byte + 1;
constexpr ::off_t sharing_byte = log_users_byte + 2;

// With the naps that SQLite takes in between this is about a second.
constexpr int patience = 50;

/// A number that stands for two files, the same in every process.
std::uint64_t choice_of(const struct stat& one, const struct stat& other) noexcept {
    std::uint64_t mixed = 0;
    for (const std::uint64_t part : {std::uint64_t{one.st_dev}, std::uint64_t{one.st_ino}, std::uint64_t{other.st_dev},
                                     std::uint64_t{other.st_ino}}) {
        mixed = (mixed ^ part) * 0x9E3779B97F4A7C15U;
        mixed ^= mixed >> 32U;
    }
    return mixed;
}

}  // namespace

std::unique_ptr<LockedFile> LockedFile::open(const char* path, bool for_writing) {
    std::unique_ptr<LockedFile> file(new LockedFile(path, for_writing));
    if (!file->file_ || ::fstat(file->file_.get(), &file->identity_) != 0) return nullptr;
    return file;
}

LockedFile::LockedFile(const char* path, bool for_writing)
    : path_(path), log_path_(path_ + "-wal"), for_writing_(for_writing) {
    static_cast<void>(open_existing_file(file_, path_, for_writing));
}

LockedFile::~LockedFile() {
    // Said explicitly because somebody may have a copy of the descriptor, and with it the locks, for long.
    close_index(false);
    if (file_) bytes_.release_all();
}

Place LockedFile::place() const noexcept {
    if (!stands_at(path_, identity_)) return Place::database_moved;
    if (!joined_) return Place::as_opened;
    return stands_at(log_path_, *log_) && index_->is_in_place() ? Place::as_opened : Place::log_moved;
}

bool LockedFile::remember_log() noexcept {
    struct stat log {};
    if (::lstat(log_path_.c_str(), &log) != 0) return false;
    log_ = log;
    return true;
}

int LockedFile::map_index(std::size_t region, std::size_t size, bool extend, void volatile** memory) {
    *memory = nullptr;
    if (!joined_) {
        if (const int result = open_index(); result != SQLITE_OK) return result;
    }
    return index_->map(region, size, extend, memory);
}

int LockedFile::open_index() {
    // One writer after the other, so that what they find of each other's locks is true.
    const int alone = for_writing_ ? bytes_.exclude(joining_byte, 1) : bytes_.share(joining_byte, 1);
    if (alone != SQLITE_OK) return alone;
    int result = SQLITE_NOMEM;
    try {
        result = join_log();
    } catch (const std::bad_alloc&) {
        // As every other failure it must leave nothing locked.
    }
    joined_ = result == SQLITE_OK;
    if (!joined_ && result != SQLITE_READONLY_CANTINIT) close_index(false);
    const int released = bytes_.release(joining_byte, 1);
    return result == SQLITE_OK ? released : result;
}

int LockedFile::join_log() {
    if (!log_) return SQLITE_CANTOPEN;
    if (!index_) {
        index_.emplace(path_ + "-shm");
        if (const int result = index_->open(identity_, for_writing_); result != SQLITE_OK) return result;
    }
    auto found = LogIndex::Found::users;
    if (const int result = index_->join(found); result != SQLITE_OK) return result;
    if (const int result = agree_with_users(found); result != SQLITE_OK) return result;
    misfits_ = 0;
    return bytes_.share(log_users_byte, 1);
}

// All who use one database use one log and one index, and the other way round: else something was moved.
int LockedFile::agree_with_users(LogIndex::Found found) noexcept {
    int result = index_->agree_on(choice_of(identity_, *log_));
    if (result == SQLITE_OK) result = bytes_.agree_on(choice_of(index_->identity(), *log_));
    if (result != SQLITE_OK) return result == SQLITE_BUSY ? SQLITE_CANTOPEN_DIRTYWAL : result;
    // A foreign program agrees on nothing, but while it has the log open it reads the database. So who is the first at
    // the index meets none there, and who is not meets one, or one of ours who joined.
    bool has_foreign = false;
    bool has_ours = false;
    if (result = locks_.look_for_foreign_readers(has_foreign); result != SQLITE_OK) return result;
    if (result = bytes_.look_for_others(log_users_byte, 1, has_ours); result != SQLITE_OK) return result;
    const bool is_first = found != LogIndex::Found::users;
    // But one that may only read the index does not join where it comes first: it reads the log that it found beside
    // the database, as we do, if that log was in use here before.
    const bool fits = is_first ? !has_foreign || found == LogIndex::Found::remains : has_foreign || has_ours;
    if (fits) return SQLITE_OK;
    // One that opens or closes right now is at the one and not at the other.
    if (++misfits_ < patience) return SQLITE_BUSY;
    return is_first ? cannot_open_outside_log : SQLITE_CANTOPEN_DIRTYWAL;
}

int LockedFile::lock_index(int first, int count, int flags) noexcept {
    return index_ ? index_->lock(first, count, flags) : SQLITE_IOERR_SHMLOCK;
}

void LockedFile::close_index(bool remove) noexcept {
    if (!index_) return;
    if (remove) index_->remove();
    static_cast<void>(bytes_.release(log_users_byte, 1));
    bytes_.forget_choice();
    index_.reset();
    joined_ = false;
}

int LockedFile::lock_sharing(bool exclusively) noexcept {
    return exclusively ? bytes_.exclude(sharing_byte, 1) : bytes_.share(sharing_byte, 1);
}

void LockedFile::unlock_sharing() noexcept {
    static_cast<void>(bytes_.release(sharing_byte, 1));
}

}  // namespace approvekit::sqlite
