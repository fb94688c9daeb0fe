#pragma once

#include <sqlite3.h>

#include <atomic>
#include <thread>

namespace approvekit::testing {

/// One operation on the disk that fails instead of being done.
struct DiskFault {
    int nth = 1;                ///< counted from 1, among those of the thread that arms the disk
    int result = SQLITE_IOERR;  ///< what SQLite gets to hear
    bool lasting = false;       ///< so do all operations after it
    bool only_writes = false;   ///< others are neither counted nor failed
};

/// Stands between SQLite and the file system of this process, for as long as it lives. Make one at a time, and before
/// any database is opened. Operations of other threads always pass.
class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// Starts to count.
    void arm(const DiskFault& fault);

    /// Lets everything pass again. Returns whether the fault occurred.
    bool disarm();

    /// How often a file was synced since this was made, by any thread.
    [[nodiscard]] int syncs() const noexcept { return syncs_; }

private:
    friend struct Shim;
    enum class Kind { write, other };
    [[nodiscard]] int next(Kind kind) noexcept;
    [[nodiscard]] bool has_failed_for_good() const noexcept;

    sqlite3_vfs* disk_;
    sqlite3_vfs* system_;
    sqlite3_vfs shim_;
    DiskFault fault_;
    std::atomic<std::thread::id> thread_;
    int seen_ = 0;
    std::atomic<int> syncs_{0};
};

}  // namespace approvekit::testing
