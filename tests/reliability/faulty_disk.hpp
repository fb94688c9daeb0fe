#pragma once

#include <sqlite3.h>

#include <atomic>
#include <thread>

namespace approvekit::testing {

/// One operation on the disk that fails instead of being done.
struct DiskFault {
    int nth = 1;                ///< counted from 1, among those of the thread that arms the disk
    int result = SQLITE_IOERR;  ///< what SQLite is told
    bool lasting = false;       ///< all later operations fail as well
    bool only_writes = false;   ///< others are neither counted nor made to fail
};

/// Sits between SQLite and the file system of this process while it exists. Create only one at a time, before any
/// database is opened. Operations of other threads always succeed.
class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// Starts counting.
    void arm(const DiskFault& fault);

    /// Lets all operations pass again. Returns whether the fault occurred.
    bool disarm();

    /// How often any thread synced a file since this was created.
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
