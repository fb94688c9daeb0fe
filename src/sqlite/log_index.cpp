#include "sqlite/log_index.hpp"

#include "sqlite/open_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

// The eight locks of the index and, behind them, the one of all who use it.
constexpr ::off_t lock_base = 120;
constexpr int write_lock = 0;
constexpr int checkpoint_lock = 1;
constexpr ::off_t users_byte = lock_base + SQLITE_SHM_NLOCK;

constexpr std::size_t disk_page = 4096;
constexpr std::size_t first_region = 32768;  // whoever uses an index makes it at least as large

}  // namespace

LogIndex::~LogIndex() {
    for (const Mapping& mapping : mappings_)
        ::munmap(mapping.memory, mapping.size);
    // Said explicitly because somebody may have a copy of the descriptor, and with it the locks, for long.
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
        // What a dead process left is no use to anybody; a header that is too short makes SQLite read the log again.
        if (::ftruncate(file_.get(), 3) != 0) return SQLITE_IOERR_SHMOPEN;
    }
    return bytes_.share(users_byte, 1);
}

bool LogIndex::reaches(std::size_t size) const noexcept {
    struct stat status {};
    return ::fstat(file_.get(), &status) == 0 && status.st_size >= static_cast<::off_t>(size);
}

// Written page by page, so that a full disk is an error here and not a signal when the memory is used.
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
    // From the start of the file, as the pages of some systems are larger than a region.
    const int protection = for_writing_ ? PROT_READ | PROT_WRITE : PROT_READ;
    const auto no_fork = LockDescriptor::hold_off_forks();
    void* const start = ::mmap(nullptr, end, protection, MAP_SHARED, file_.get(), 0);
    if (start == MAP_FAILED) return SQLITE_IOERR_SHMMAP;
    mappings_.push_back({start, end});
#ifdef MADV_DONTFORK
    // Mapped memory keeps the open file description, and so the locks, as a descriptor does: see LockDescriptor.
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
    // Who repaired the index while it had the right to write goes on sharing, without a moment in between.
    const int result = bytes_.share(lock_base + checkpoint_lock, 1);
    return count == 1 ? result : bytes_.release(lock_base + checkpoint_lock + 1, count - 1);
}

void LogIndex::remove() const noexcept {
    ::unlink(path_.c_str());
}

}  // namespace approvekit::sqlite
