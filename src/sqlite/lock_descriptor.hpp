#pragma once

#include "base/file_descriptor.hpp"

#include <mutex>
#include <string>

#include <sys/stat.h>
#include <sys/types.h>

namespace approvekit::sqlite {

/// A descriptor for locks that belong to its open file description, so that they last as long as its last copy. A
/// forked child closes its copies at once: when a process is gone its locks are free, no matter whom it forked. (If a
/// child is created by the bare system call, without the C library, nobody is told, and it keeps them.)
///
/// Not thread-safe by itself, but any thread may fork at any time.
class LockDescriptor {
public:
    /// What happens to the descriptor when this is destroyed.
    enum class End {
        close,
        /// The locks are released, and the descriptor is kept for the next one that opens the same file. Closing it
        /// would drop the POSIX locks that this process has on the file by other means: those of SQLite connections
        /// that the program opened itself. It is closed in a forked child. It is also closed when the file has no name
        /// any more, as soon as another one is opened or kept. At most most_kept are kept; then the oldest one is
        /// closed whose file nobody has locked, or the oldest of all if there is none.
        keep
    };
    static constexpr std::size_t most_kept = 64;

    /// Throws std::bad_alloc.
    explicit LockDescriptor(End end = End::close);
    ~LockDescriptor();

    LockDescriptor(const LockDescriptor&) = delete;
    LockDescriptor& operator=(const LockDescriptor&) = delete;

    /// As open() of the system. No fork can happen between that and the registration. Call it only while it is empty.
    /// Returns false, with errno set, if it stays empty.
    bool open(const char* path, int flags, ::mode_t mode = 0) noexcept;
    /// Takes a descriptor of exactly that file that was kept. Returns false if there is none.
    bool reuse(const struct stat& file, bool for_writing) noexcept;
    /// Ends it now, as the destructor would. It is empty then.
    void reset() noexcept;
    /// Closes it in any case.
    void close() noexcept;
    void swap(LockDescriptor& other) noexcept;

    /// While the result exists, nobody can fork. Hold it only during system calls: a thread that forks and waits here
    /// holds everything that the program locks for a fork.
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

/// Opens an existing file in `file`, or takes a descriptor of it that was kept. Never uses the numbers of the standard
/// streams, which a program may close and then write to. Returns false, with errno set, if it fails.
[[nodiscard]] bool open_existing_file(LockDescriptor& file, const std::string& path, bool for_writing) noexcept;

/// Whether the path leads to exactly that file.
[[nodiscard]] bool stands_at(const std::string& path, const struct stat& file) noexcept;

/// Opens a file beside the database that all its users share. With `for_writing`, creates it if it is missing, with the
/// owner and the permissions of the `database`. Returns false if it fails, or if objection_to() has an objection.
/// Throws std::bad_alloc.
[[nodiscard]] bool open_shared_file(LockDescriptor& file, const std::string& path, const struct stat& database,
                                    bool for_writing);

}  // namespace approvekit::sqlite
