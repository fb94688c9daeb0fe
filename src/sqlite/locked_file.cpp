#include "sqlite/locked_file.hpp"

#include "sqlite/lock_descriptor.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

// The eight locks of the index and, after them, the one for all who use the index.
constexpr ::off_t lock_base = 120;
constexpr int write_lock = 0;
constexpr int checkpoint_lock = 1;
constexpr ::off_t users_byte = lock_base + SQLITE_SHM_NLOCK;

constexpr std::size_t disk_page = 4096;
constexpr std::size_t first_region = 32768;  // those who use an index make it at least this large

// Far behind everything that SQLite stores or locks, and behind the choices of ByteLocks. The first is shared by those
// of us who have the log of this file open. The second is held while one of us opens the log. The third is held while
// one of us reads or changes who may write the file.
constexpr ::off_t log_users_byte = ::off_t{1} << 62;
constexpr ::off_t joining_byte = log_users_byte + 1;
constexpr ::off_t sharing_byte = log_users_byte + 2;

// With SQLite's sleeps in between, this is about a second.
constexpr int patience = 50;

/// A number that represents two files, the same in every process.
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

LogIndex::~LogIndex() {
    for (const Mapping& mapping : mappings_)
        ::munmap(mapping.memory, mapping.size);
    // Unlocks explicitly, since a copy of the descriptor, and with it the locks, may exist for a long time.
    if (file_) bytes_.release_all();
}

int LogIndex::open(const struct stat& database, bool for_writing) {
    for_writing_ = for_writing;
    return open_shared_file(file_, path_, database, for_writing) && ::fstat(file_.get(), &identity_) == 0
               ? SQLITE_OK
               : SQLITE_CANTOPEN;
}

bool LogIndex::is_in_place() const noexcept {
    return stands_at(path_, identity_);
}

int LogIndex::join_to_read() noexcept {
    bool are_there = false;
    if (const int result = bytes_.look_for_others(users_byte, 1, are_there); result != SQLITE_OK) return result;
    if (!are_there) return SQLITE_READONLY_CANTINIT;
    return bytes_.share(users_byte, 1);
}

int LogIndex::join(Found& found) noexcept {
    found = Found::users;
    if (!for_writing_) return join_to_read();
    const int alone = bytes_.exclude(users_byte, 1);
    if (alone != SQLITE_OK && alone != SQLITE_BUSY) return alone;
    if (alone == SQLITE_OK) {
        found = reaches(first_region) ? Found::remains : Found::nothing;
        // What a dead process left is useless; a header that is too short makes SQLite read the log again.
        if (::ftruncate(file_.get(), 3) != 0) return SQLITE_IOERR_SHMOPEN;
    }
    return bytes_.share(users_byte, 1);
}

bool LogIndex::reaches(std::size_t size) const noexcept {
    struct stat status {};
    return ::fstat(file_.get(), &status) == 0 && status.st_size >= static_cast<::off_t>(size);
}

// Written page by page, so that a full disk causes an error here, and not a signal when the memory is used.
bool LogIndex::extend_to(std::size_t size) const noexcept {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return false;
    for (auto page = static_cast<std::size_t>(status.st_size) / disk_page; page < size / disk_page; ++page) {
        const auto last = static_cast<::off_t>((page + 1) * disk_page - 1);
        if (::pwrite(file_.get(), "", 1, last) != 1) return false;
    }
    return true;
}

int LogIndex::map(std::size_t region, std::size_t size, bool extend, void volatile** memory) {
    *memory = nullptr;
    const int mapped = for_writing_ ? SQLITE_OK : SQLITE_READONLY;
    if (regions_.size() <= region) {
        const std::size_t end = (region + 1) * size;
        if (!reaches(end)) {
            if (!extend) return mapped;
            if (!extend_to(end)) return SQLITE_IOERR_SHMSIZE;
        }
        if (const int result = map_up_to(region, size); result != SQLITE_OK) return result;
    }
    *memory = regions_[region];
    return mapped;
}

int LogIndex::map_up_to(std::size_t region, std::size_t size) {
    const std::size_t end = (region + 1) * size;
    regions_.reserve(region + 1);
    mappings_.reserve(mappings_.size() + 1);
    // From the start of the file, since on some systems a page is larger than a region.
    const int protection = for_writing_ ? PROT_READ | PROT_WRITE : PROT_READ;
    const auto no_fork = LockDescriptor::hold_off_forks();
    void* const start = ::mmap(nullptr, end, protection, MAP_SHARED, file_.get(), 0);
    if (start == MAP_FAILED) return SQLITE_IOERR_SHMMAP;
    mappings_.push_back({start, end});
#ifdef MADV_DONTFORK
    // Mapped memory keeps the open file description, and with it the locks, just as a descriptor does: see
    // LockDescriptor.
    if (::madvise(start, end, MADV_DONTFORK) != 0) return SQLITE_IOERR_SHMMAP;
#endif
    while (regions_.size() <= region)
        regions_.push_back(static_cast<char*>(start) + regions_.size() * size);
    return SQLITE_OK;
}

int LogIndex::lock(int first, int count, int flags) noexcept {
    if ((flags & SQLITE_SHM_UNLOCK) != 0) return release(first, count);
    return acquire(first, count, (flags & SQLITE_SHM_EXCLUSIVE) != 0);
}

int LogIndex::acquire(int first, int count, bool exclusive) noexcept {
    const auto covers = [&](int lock) { return exclusive && first <= lock && lock < first + count; };
    const bool shares_checkpoint = covers(write_lock) && !covers(checkpoint_lock) && !checkpoints_;
    if (shares_checkpoint) {
        if (const int result = bytes_.share(lock_base + checkpoint_lock, 1); result != SQLITE_OK) return result;
    }
    const int result = exclusive ? bytes_.exclude(lock_base + first, count) : bytes_.share(lock_base + first, count);
    if (result != SQLITE_OK) {
        if (shares_checkpoint) static_cast<void>(bytes_.release(lock_base + checkpoint_lock, 1));
        return result;
    }
    writes_ = writes_ || shares_checkpoint;
    checkpoints_ = checkpoints_ || covers(checkpoint_lock);
    return SQLITE_OK;
}

int LogIndex::release(int first, int count) noexcept {
    const auto covers = [&](int lock) { return first <= lock && lock < first + count; };
    if (covers(checkpoint_lock)) checkpoints_ = false;
    if (covers(write_lock) && std::exchange(writes_, false) && !checkpoints_) {
        return bytes_.release(lock_base + first, std::max(count, checkpoint_lock + 1));
    }
    if (!covers(checkpoint_lock) || !writes_) return bytes_.release(lock_base + first, count);
    // A writer that repaired the index continues to share the checkpoint lock, without a gap.
    const int result = bytes_.share(lock_base + checkpoint_lock, 1);
    return count == 1 ? result : bytes_.release(lock_base + checkpoint_lock + 1, count - 1);
}

void LogIndex::remove() const noexcept {
    ::unlink(path_.c_str());
}

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
    // Unlocks explicitly, since a copy of the descriptor, and with it the locks, may exist for a long time.
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
    // Writers join one after the other, so that what they see of each other's locks is true.
    const int alone = for_writing_ ? bytes_.exclude(joining_byte, 1) : bytes_.share(joining_byte, 1);
    if (alone != SQLITE_OK) return alone;
    int result = SQLITE_NOMEM;
    try {
        result = join_log();
    } catch (const std::bad_alloc&) {
        // Like every other failure, this must leave nothing locked.
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

// All who use one database use one log and one index, and vice versa; otherwise something was moved.
int LockedFile::agree_with_users(LogIndex::Found found) noexcept {
    int result = index_->agree_on(choice_of(identity_, *log_));
    if (result == SQLITE_OK) result = bytes_.agree_on(choice_of(index_->identity(), *log_));
    if (result != SQLITE_OK) return result == SQLITE_BUSY ? SQLITE_CANTOPEN_DIRTYWAL : result;
    // A foreign program takes no part in the agreement, but it has a read lock on the database while it has the log
    // open. So the first one at the index finds no foreign program at the database. A later one finds a foreign program
    // there, or one of ours that has joined.
    bool has_foreign = false;
    bool has_ours = false;
    if (result = locks_.look_for_foreign_readers(has_foreign); result != SQLITE_OK) return result;
    if (result = bytes_.look_for_others(log_users_byte, 1, has_ours); result != SQLITE_OK) return result;
    const bool is_first = found != LogIndex::Found::users;
    // Exception: a foreign program that may only read the index does not join it if it comes first. It reads the log
    // that it found beside the database. So do we, if that log was in use here before.
    const bool fits = is_first ? !has_foreign || found == LogIndex::Found::remains : has_foreign || has_ours;
    if (fits) return SQLITE_OK;
    // A program that is just opening or closing may hold only one of the two locks.
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
