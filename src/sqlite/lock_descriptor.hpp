#pragma once

#include "base/file_descriptor.hpp"

#include <mutex>
#include <string>

#include <sys/stat.h>
#include <sys/types.h>

namespace approvekit::sqlite {

/// A descriptor for locks that belong to its open file description, and so last as long as its last copy. A forked
/// child closes its copies at once: what a process has locked is free when that process is gone, whoever it forked.
/// (The system call alone, made past the C library, tells nobody; such a child keeps them.)
///
/// Not thread-safe by itself, but any thread may fork at any time.
class LockDescriptor {
public:
    /// What becomes of the descriptor when this goes.
    enum class End {
        close,
        /// The locks are released and the descriptor is kept for the next who opens the same file, because closing it
        /// would drop the POSIX locks that this process has on the file by other ways: those of SQLite connections that
        /// the program opened by itself. Closed when the file has no name any more, as soon as another one is opened or
        /// kept, and in a forked child. No more than most_kept wait for their files: then the oldest is closed that
        /// nobody has a lock on, and where there is none, the oldest.
        keep
    };
    static constexpr std::size_t most_kept = 64;

    /// Throws std::bad_alloc.
    explicit LockDescriptor(End end = End::close);
    ~LockDescriptor();

    LockDescriptor(const LockDescriptor&) = delete;
    LockDescriptor& operator=(const LockDescriptor&) = delete;

    /// As open() of the system. No fork comes between that and the registration. To be called while it is empty; false,
    /// with errno set, where it stays so.
    bool open(const char* path, int flags, ::mode_t mode = 0) noexcept;
    /// Takes a descriptor of that very file that was kept. False where there is none.
    bool reuse(const struct stat& file, bool for_writing) noexcept;
    /// Ends it now. After this it is empty.
    void reset() noexcept;
    /// Closes it in any case.
    void close() noexcept;
    void swap(LockDescriptor& other) noexcept;

    /// For as long as the result lives nobody forks. To be held over system calls alone: whoever forks holds, while he
    /// waits, all that the program locks for a fork.
    [[nodiscard]] static std::unique_lock<std::mutex> hold_off_forks() noexcept;

    /// -1 in a forked child.
    [[nodiscard]] int get() const noexcept { return file_.get(); }
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(file_); }

private:
    struct Registry;

    base::FileDescriptor file_;
    End end_;
    LockDescriptor* previous_ = nullptr;
    LockDescriptor* next_ = nullptr;
};

/// Opens an existing file in `file`, or takes a descriptor of it that was kept. Never on the numbers of the standard
/// streams, which a program may close and then write to. False, with errno set, where it fails.
[[nodiscard]] bool open_existing_file(LockDescriptor& file, const std::string& path, bool for_writing) noexcept;

/// Whether the path leads to that very file.
[[nodiscard]] bool stands_at(const std::string& path, const struct stat& file) noexcept;

/// Opens a file beside the database that all its users share; `for_writing` makes it, with the owner and the permissions
/// of the `database`, where it is not there. False where it fails, or where objection_to() has something against it.
/// Throws std::bad_alloc.
[[nodiscard]] bool open_shared_file(LockDescriptor& file, const std::string& path, const struct stat& database,
                                    bool for_writing);

}  // namespace approvekit::sqlite
