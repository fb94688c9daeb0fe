#include "sqlite/lock_descriptor.hpp"

#include "base/file_descriptor.hpp"
#include "sqlite/side_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <new>
#include <utility>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

/// Descriptors without an owner, the oldest first. Needs no memory, so that it works in a destructor and in a forked
/// child.
class KeptDescriptors {
public:
    void add(base::FileDescriptor file) noexcept {
        struct stat status {};
        if (!unlock(file.get()) || ::fstat(file.get(), &status) != 0) return;
        if (!S_ISREG(status.st_mode) || status.st_nlink == 0) return;
        if (count_ == files_.size()) remove(least_needed());
        files_.at(count_++) = {std::move(file), status.st_dev, status.st_ino};
    }

    /// Empty if there is none.
    base::FileDescriptor take(const struct stat& status, bool for_writing) noexcept {
        for (std::size_t i = 0; i < count_; ++i) {
            Kept& each = files_.at(i);
            const bool is_same = each.device == status.st_dev && each.inode == status.st_ino;
            if (!is_same || is_writable(each.file.get()) != for_writing) continue;
            base::FileDescriptor found = std::move(each.file);
            remove(i);
            return found;
        }
        return {};
    }

    void close_nameless() noexcept {
        struct stat status {};
        for (std::size_t i = count_; i-- > 0;) {
            if (::fstat(files_.at(i).file.get(), &status) == 0 && status.st_nlink == 0) remove(i);
        }
    }

    void close_all() noexcept {
        while (count_ > 0)
            files_.at(--count_).file.reset();
    }

private:
    struct Kept {
        base::FileDescriptor file;
        ::dev_t device = 0;
        ::ino_t inode = 0;
    };

    static bool is_writable(int file) noexcept { return (::fcntl(file, F_GETFL) & O_ACCMODE) == O_RDWR; }

    static bool unlock([[maybe_unused]] int file) noexcept {
#ifdef F_OFD_SETLK
        struct flock all {};
        all.l_type = F_UNLCK;
        return ::fcntl(file, F_OFD_SETLK, &all) == 0;
#else
        return true;
#endif
    }

    /// Whether anybody has a lock on the file, including this process by other means.
    static bool is_locked([[maybe_unused]] int file) noexcept {
#ifdef F_OFD_GETLK
        struct flock any {};
        any.l_type = F_WRLCK;
        return ::fcntl(file, F_OFD_GETLK, &any) != 0 || any.l_type != F_UNLCK;
#else
        return true;
#endif
    }

    [[nodiscard]] std::size_t least_needed() const noexcept {
        for (std::size_t i = 0; i < count_; ++i) {
            if (!is_locked(files_.at(i).file.get())) return i;
        }
        return 0;
    }

    void remove(std::size_t index) noexcept {
        std::move(files_.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                  files_.begin() + static_cast<std::ptrdiff_t>(count_),
                  files_.begin() + static_cast<std::ptrdiff_t>(index));
        files_.at(--count_).file.reset();
    }

    std::array<Kept, LockDescriptor::most_kept> files_{};
    std::size_t count_ = 0;
};

union Undestroyed {
    constexpr Undestroyed() noexcept : files() {}
    // NOLINTNEXTLINE(modernize-use-equals-default): a defaulted one would be deleted
    ~Undestroyed() {}
    KeptDescriptors files;
};

constexpr int first_number = STDERR_FILENO + 1;

/// Occupies the free numbers of the standard streams while it exists. A descriptor with such a number could only be
/// moved to another one by closing it, and that would drop the locks of others.
class StandardNumbers {
public:
    StandardNumbers() noexcept {
        for (int number = 0; number < first_number; ++number) {
            if (::fcntl(number, F_GETFD) < 0)
                taken_.at(static_cast<std::size_t>(number)) =
                    base::FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        }
    }

private:
    std::array<base::FileDescriptor, first_number> taken_;
};

bool open_safely(LockDescriptor& file, const std::string& path, int flags, ::mode_t mode) noexcept {
    const StandardNumbers taken;
    if (!file.open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)) return false;
    if (file.get() >= first_number) return true;
    file.close();
    errno = EBADF;
    return false;
}

bool take_kept(LockDescriptor& file, const std::string& path, bool for_writing) noexcept {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 &&
           ::faccessat(AT_FDCWD, path.c_str(), for_writing ? R_OK | W_OK : R_OK, AT_EACCESS) == 0 &&
           file.reuse(status, for_writing);
}

bool is_trusted(const std::string& path, int file, const struct stat& database) {
    struct stat status {};
    struct stat folder {};
    return ::fstat(file, &status) == 0 && ::stat(std::filesystem::path(path).parent_path().c_str(), &folder) == 0 &&
           !objection_to(status, database, folder);
}

}  // namespace

/// All descriptors of this process. They are variables of the file, because pthread_atfork() passes nothing to its
/// functions. The list is linked through its members and never destroyed: a child then needs no memory, and descriptors
/// may still exist while a program exits.
///
/// Only system calls are made while the mutex is held, so nothing can wait for another mutex.
struct LockDescriptor::Registry {
    static void add(LockDescriptor& descriptor) {
        if (install() != 0) throw std::bad_alloc();
        const std::lock_guard lock(mutex);
        descriptor.next_ = first;
        if (first != nullptr) first->previous_ = &descriptor;
        first = &descriptor;
    }

    static void remove(LockDescriptor& descriptor) noexcept {
        const std::lock_guard lock(mutex);
        (descriptor.previous_ != nullptr ? descriptor.previous_->next_ : first) = descriptor.next_;
        if (descriptor.next_ != nullptr) descriptor.next_->previous_ = descriptor.previous_;
        end(descriptor);
    }

    static void end(LockDescriptor& descriptor) noexcept {
        kept.files.close_nameless();
        if (descriptor.file_ && descriptor.end_ == End::keep) kept.files.add(std::move(descriptor.file_));
        descriptor.file_.reset();
    }

    // The function that was registered last is called first at a fork. A program may open a record while it holds a
    // mutex that it also locks for forks. If our mutex were locked before that one, each would wait for the other for
    // ever. So ours is registered before any constructor of the program runs.
    [[gnu::constructor(101)]] static void install_before_all_others() noexcept;

    static int install() noexcept {
        static const int result = ::pthread_atfork(before_fork, in_parent, in_child);
        return result;
    }

    static void before_fork() noexcept { mutex.lock(); }
    static void in_parent() noexcept { mutex.unlock(); }

    // Another thread may have held any lock at the fork, even the allocator's, so only close() is called here.
    static void in_child() noexcept {
        for (LockDescriptor* each = first; each != nullptr; each = each->next_)
            each->file_.reset();
        kept.files.close_all();
        mutex.unlock();
    }

    inline static constinit std::mutex mutex;
    inline static constinit LockDescriptor* first = nullptr;
    inline static constinit Undestroyed kept;
};

void LockDescriptor::Registry::install_before_all_others() noexcept {
    static_cast<void>(install());
}

LockDescriptor::LockDescriptor(End end) : end_(end) {
    Registry::add(*this);
}

LockDescriptor::~LockDescriptor() {
    Registry::remove(*this);
}

bool LockDescriptor::open(const char* path, int flags, ::mode_t mode) noexcept {
    const std::lock_guard lock(Registry::mutex);
    file_ = base::FileDescriptor(::open(path, flags, mode));
    return static_cast<bool>(file_);
}

bool LockDescriptor::reuse(const struct stat& file, bool for_writing) noexcept {
    const std::lock_guard lock(Registry::mutex);
    Registry::kept.files.close_nameless();
    file_ = Registry::kept.files.take(file, for_writing);
    return static_cast<bool>(file_);
}

void LockDescriptor::reset() noexcept {
    const std::lock_guard lock(Registry::mutex);
    Registry::end(*this);
}

void LockDescriptor::close() noexcept {
    const std::lock_guard lock(Registry::mutex);
    file_.reset();
}

void LockDescriptor::swap(LockDescriptor& other) noexcept {
    const std::lock_guard lock(Registry::mutex);
    std::swap(file_, other.file_);
    std::swap(end_, other.end_);
}

std::unique_lock<std::mutex> LockDescriptor::hold_off_forks() noexcept {
    return std::unique_lock(Registry::mutex);
}

bool open_existing_file(LockDescriptor& file, const std::string& path, bool for_writing) noexcept {
    return take_kept(file, path, for_writing) || open_safely(file, path, for_writing ? O_RDWR : O_RDONLY, 0);
}

bool stands_at(const std::string& path, const struct stat& file) noexcept {
    struct stat now {};
    return ::lstat(path.c_str(), &now) == 0 && now.st_dev == file.st_dev && now.st_ino == file.st_ino;
}

bool open_shared_file(LockDescriptor& file, const std::string& path, const struct stat& database, bool for_writing) {
    if (for_writing && open_safely(file, path, O_RDWR | O_CREAT | O_EXCL, 0600)) {
        share_like(database, file.get());
        return true;
    }
    if (!open_existing_file(file, path, for_writing)) return false;
    if (is_trusted(path, file.get(), database)) return true;
    file.reset();
    return false;
}

}  // namespace approvekit::sqlite
