#pragma once

#include "base/file_descriptor.hpp"
#include "sqlite/byte_locks.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace approvekit::sqlite {

/// The index of a write-ahead log, in the file "<database>-shm" that all who use the log map into their memory, with
/// the locks on it: see "WAL-mode File Format" in SQLite's documents. One for each connection. Not thread-safe.
///
/// One rule is added to SQLite's: who writes also shares the lock that a checkpoint holds for itself. So no checkpoint,
/// ours or a foreign one, runs while one of us writes. Up to 3.51.2 a log that was restarted while a checkpoint began
/// could lose what was written after it.
class LogIndex {
public:
    explicit LogIndex(std::string path) : path_(std::move(path)) {}
    ~LogIndex();
    LogIndex(const LogIndex&) = delete;
    LogIndex& operator=(const LogIndex&) = delete;

    /// Opens the file, or makes it as private as `database`, and joins those who use it; who comes first empties it.
    /// Returns a result of SQLite. `is_first` says whether nobody else uses it.
    [[nodiscard]] int open(const struct stat& database, bool& is_first);

    /// Gives the address of a region, or null where the file does not reach so far and is not to be extended.
    [[nodiscard]] int map(std::size_t region, std::size_t size, bool extend, void volatile** memory);

    /// As xShmLock of SQLite: `flags` are SQLITE_SHM_*.
    [[nodiscard]] int lock(int first, int count, int flags) noexcept;

    void remove() const noexcept;

private:
    struct Mapping {
        void* memory;
        std::size_t size;
    };

    [[nodiscard]] int join(bool& is_first) noexcept;
    [[nodiscard]] bool reaches(std::size_t size) const noexcept;
    [[nodiscard]] bool extend_to(std::size_t size) const noexcept;
    [[nodiscard]] int acquire(int first, int count, bool exclusive) noexcept;
    [[nodiscard]] int release(int first, int count) noexcept;

    std::string path_;
    FileDescriptor file_;
    ByteLocks bytes_{-1};
    std::vector<Mapping> mappings_;
    std::vector<char*> regions_;
    bool writes_ = false;       ///< and so shares the checkpoint's lock
    bool checkpoints_ = false;  ///< holds that lock for itself
};

}  // namespace approvekit::sqlite
