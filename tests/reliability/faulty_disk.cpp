#include "faulty_disk.hpp"

#include "sqlite/file_system.hpp"

#include <stdexcept>

namespace approvekit::testing {
namespace {

/// SQLite's handle of an open file. The true file follows it in memory, where xOpen of the disk created it.
struct File {
    sqlite3_file base;
    FaultyDisk* disk;

    [[nodiscard]] sqlite3_file* truth() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& as_file(sqlite3_file* file) noexcept {
    return *reinterpret_cast<File*>(file);
}

}  // namespace

/// The functions that SQLite calls.
struct Shim {
    static FaultyDisk& disk(sqlite3_vfs* vfs) noexcept { return *static_cast<FaultyDisk*>(vfs->pAppData); }

    /// Performs the operation on the true file, unless it is its turn to fail.
    template <typename Operation>
    static int on_file(sqlite3_file* file, Operation operation,
                       FaultyDisk::Kind kind = FaultyDisk::Kind::other) noexcept {
        const int failure = as_file(file).disk->next(kind);
        return failure != SQLITE_OK ? failure : pass(file, operation);
    }

    template <typename Operation>
    static int pass(sqlite3_file* file, Operation operation) noexcept {
        sqlite3_file* const truth = as_file(file).truth();
        return operation(truth, *truth->pMethods);
    }

    template <typename Operation>
    static int on_name(sqlite3_vfs* vfs, Operation operation) noexcept {
        const int failure = disk(vfs).next(FaultyDisk::Kind::other);
        return failure != SQLITE_OK ? failure : operation(disk(vfs).disk_);
    }

    static int close(sqlite3_file* file) noexcept {
        return pass(file, [](auto* truth, auto& methods) { return methods.xClose(truth); });
    }
    static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) noexcept {
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xRead(truth, to, size, offset); });
    }
    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset) noexcept {
        const auto operation = [&](auto* truth, auto& methods) { return methods.xWrite(truth, from, size, offset); };
        return on_file(file, operation, FaultyDisk::Kind::write);
    }
    static int truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xTruncate(truth, size); });
    }
    static int sync(sqlite3_file* file, int flags) noexcept {
        ++as_file(file).disk->syncs_;
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xSync(truth, flags); });
    }
    static int file_size(sqlite3_file* file, sqlite3_int64* size) noexcept {
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xFileSize(truth, size); });
    }
    static int lock(sqlite3_file* file, int level) noexcept {
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xLock(truth, level); });
    }
    // No system lets this one fail, and SQLite would not notice.
    static int unlock(sqlite3_file* file, int level) noexcept {
        return pass(file, [&](auto* truth, auto& methods) { return methods.xUnlock(truth, level); });
    }
    static int check_reserved_lock(sqlite3_file* file, int* result) noexcept {
        return on_file(file, [&](auto* truth, auto& methods) { return methods.xCheckReservedLock(truth, result); });
    }
    static int file_control(sqlite3_file* file, int operation, void* argument) noexcept {
        return pass(file, [&](auto* truth, auto& methods) { return methods.xFileControl(truth, operation, argument); });
    }
    static int sector_size(sqlite3_file* file) noexcept {
        return pass(file, [](auto* truth, auto& methods) { return methods.xSectorSize(truth); });
    }
    static int device_characteristics(sqlite3_file* file) noexcept {
        return pass(file, [](auto* truth, auto& methods) { return methods.xDeviceCharacteristics(truth); });
    }
    static int map_shared(sqlite3_file* file, int region, int size, int extend, void volatile** memory) noexcept {
        return on_file(
            file, [&](auto* truth, auto& methods) { return methods.xShmMap(truth, region, size, extend, memory); });
    }
    static int lock_shared(sqlite3_file* file, int offset, int count, int flags) noexcept {
        const auto operation = [&](auto* truth, auto& methods) {
            return methods.xShmLock(truth, offset, count, flags);
        };
        // As with unlock: no system lets this fail, and SQLite would not notice.
        return (flags & SQLITE_SHM_UNLOCK) != 0 ? pass(file, operation) : on_file(file, operation);
    }
    static void order_shared(sqlite3_file* file) noexcept {
        sqlite3_file* const truth = as_file(file).truth();
        truth->pMethods->xShmBarrier(truth);
    }
    static int unmap_shared(sqlite3_file* file, int remove) noexcept {
        return pass(file, [&](auto* truth, auto& methods) { return methods.xShmUnmap(truth, remove); });
    }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* result) noexcept;

    static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) noexcept {
        return on_name(vfs, [&](sqlite3_vfs* truth) { return truth->xDelete(truth, name, sync_directory); });
    }
    static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) noexcept {
        return on_name(vfs, [&](sqlite3_vfs* truth) { return truth->xAccess(truth, name, flags, result); });
    }
    static int full_path(sqlite3_vfs* vfs, const char* name, int size, char* path) noexcept {
        return on_name(vfs, [&](sqlite3_vfs* truth) { return truth->xFullPathname(truth, name, size, path); });
    }
    // With a write-ahead log SQLite tries for ten seconds to access it, which would not help here.
    static int sleep(sqlite3_vfs* vfs, int microseconds) noexcept {
        if (disk(vfs).has_failed_for_good()) return microseconds;
        return disk(vfs).disk_->xSleep(disk(vfs).disk_, microseconds);
    }
};

namespace {

constexpr sqlite3_io_methods file_methods{
    .iVersion = 2,
    .xClose = Shim::close,
    .xRead = Shim::read,
    .xWrite = Shim::write,
    .xTruncate = Shim::truncate,
    .xSync = Shim::sync,
    .xFileSize = Shim::file_size,
    .xLock = Shim::lock,
    .xUnlock = Shim::unlock,
    .xCheckReservedLock = Shim::check_reserved_lock,
    .xFileControl = Shim::file_control,
    .xSectorSize = Shim::sector_size,
    .xDeviceCharacteristics = Shim::device_characteristics,
    .xShmMap = Shim::map_shared,
    .xShmLock = Shim::lock_shared,
    .xShmBarrier = Shim::order_shared,
    .xShmUnmap = Shim::unmap_shared,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

}  // namespace

int Shim::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* result) noexcept {
    File& opened = as_file(file);
    opened = {{nullptr}, &disk(vfs)};
    return on_name(vfs, [&](sqlite3_vfs* truth) {
        const int outcome = truth->xOpen(truth, name, opened.truth(), flags, result);
        // SQLite closes whatever has methods, also after a failure.
        if (opened.truth()->pMethods != nullptr) opened.base.pMethods = &file_methods;
        return outcome;
    });
}

// It replaces our file system, by its name, and that of the system for foreign programs.
FaultyDisk::FaultyDisk()
    : disk_(sqlite3_vfs_find(sqlite::file_system_name())), system_(sqlite3_vfs_find(nullptr)), shim_(*disk_) {
    shim_.szOsFile = static_cast<int>(sizeof(File)) + disk_->szOsFile;
    shim_.pAppData = this;
    shim_.xOpen = Shim::open;
    shim_.xDelete = Shim::remove;
    shim_.xAccess = Shim::access;
    shim_.xFullPathname = Shim::full_path;
    shim_.xSleep = Shim::sleep;
    if (sqlite3_vfs_register(&shim_, 1) != SQLITE_OK) throw std::runtime_error("SQLite takes no other disk");
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&shim_);
    sqlite3_vfs_register(system_, 1);
}

void FaultyDisk::arm(const DiskFault& fault) {
    fault_ = fault;
    seen_ = 0;
    thread_ = std::this_thread::get_id();
}

bool FaultyDisk::disarm() {
    thread_ = std::thread::id{};
    return seen_ >= fault_.nth;
}

bool FaultyDisk::has_failed_for_good() const noexcept {
    return std::this_thread::get_id() == thread_.load() && fault_.lasting && seen_ >= fault_.nth;
}

int FaultyDisk::next(Kind kind) noexcept {
    if (std::this_thread::get_id() != thread_.load()) return SQLITE_OK;
    if (fault_.only_writes && kind != Kind::write) return SQLITE_OK;
    ++seen_;
    const bool fails = fault_.lasting ? seen_ >= fault_.nth : seen_ == fault_.nth;
    return fails ? fault_.result : SQLITE_OK;
}

}  // namespace approvekit::testing
