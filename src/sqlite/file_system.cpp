#include "sqlite/file_system.hpp"

#include "sqlite/locked_file.hpp"
#include "sqlite/locks.hpp"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <new>

namespace approvekit::sqlite {
namespace {

/// For xFileControl: returns the LockedFile of a database. SQLite leaves the numbers above 100 to others.
constexpr int locked_file_operation = 0x41704b74;

/// SQLite's handle of an open database. The system's file follows it in memory, where the system's xOpen created it.
struct DatabaseHandle {
    sqlite3_file base;
    LockedFile* locked;

    [[nodiscard]] sqlite3_file* truth() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

DatabaseHandle& as_handle(sqlite3_file* file) noexcept {
    return *reinterpret_cast<DatabaseHandle*>(file);
}

LockedFile& locked(sqlite3_file* file) noexcept {
    return *as_handle(file).locked;
}

/// Calls the system's method.
template <auto Method, typename... Arguments>
int pass(sqlite3_file* file, Arguments... arguments) noexcept {
    sqlite3_file* const truth = as_handle(file).truth();
    return (truth->pMethods->*Method)(truth, arguments...);
}

int close(sqlite3_file* file) noexcept {
    delete as_handle(file).locked;
    return pass<&sqlite3_io_methods::xClose>(file);
}

int control(sqlite3_file* file, int operation, void* argument) noexcept {
    if (operation == SQLITE_FCNTL_HAS_MOVED) {
        *static_cast<int*>(argument) = static_cast<int>(locked(file).place());
        return SQLITE_OK;
    }
    if (operation == locked_file_operation) {
        *static_cast<LockedFile**>(argument) = &locked(file);
        return SQLITE_OK;
    }
    return pass<&sqlite3_io_methods::xFileControl>(file, operation, argument);
}

int check_reserved(sqlite3_file* file, int* result) noexcept {
    bool is_reserved = false;
    const int checked = locked(file).locks().check_reserved(is_reserved);
    *result = is_reserved ? 1 : 0;
    return checked;
}

int map_index(sqlite3_file* file, int region, int size, int extend, void volatile** memory) noexcept {
    try {
        return locked(file).map_index(static_cast<std::size_t>(region), static_cast<std::size_t>(size), extend != 0,
                                      memory);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
}

constexpr sqlite3_io_methods database_methods{
    .iVersion = 2,
    .xClose = close,
    .xRead = pass<&sqlite3_io_methods::xRead, void*, int, sqlite3_int64>,
    .xWrite = pass<&sqlite3_io_methods::xWrite, const void*, int, sqlite3_int64>,
    .xTruncate = pass<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    .xSync = pass<&sqlite3_io_methods::xSync, int>,
    .xFileSize = pass<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    .xLock = [](sqlite3_file* file, int level) { return locked(file).locks().lock(level); },
    .xUnlock = [](sqlite3_file* file, int level) { return locked(file).locks().unlock(level); },
    .xCheckReservedLock = check_reserved,
    .xFileControl = control,
    .xSectorSize = pass<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = pass<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = map_index,
    .xShmLock = [](sqlite3_file* file, int first, int count,
                   int flags) { return locked(file).lock_index(first, count, flags); },
    .xShmBarrier = [](sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); },
    .xShmUnmap =
        [](sqlite3_file* file, int remove) {
            locked(file).close_index(remove != 0);
            return SQLITE_OK;
        },
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

sqlite3_vfs& system_files() noexcept {
    static sqlite3_vfs& found = *sqlite3_vfs_find(nullptr);
    return found;
}

int open_database(const char* name, sqlite3_file* file, int flags, int* result) noexcept {
    DatabaseHandle& handle = as_handle(file);
    handle = {{nullptr}, nullptr};
    int granted = flags;
    const int opened = system_files().xOpen(&system_files(), name, handle.truth(), flags, &granted);
    if (result != nullptr) *result = granted;
    // SQLite closes whatever has methods, also after a failure.
    if (handle.truth()->pMethods != nullptr) handle.base.pMethods = &database_methods;
    if (opened != SQLITE_OK) return opened;
    try {
        handle.locked = LockedFile::open(name, (granted & SQLITE_OPEN_READONLY) == 0).release();
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
    if (handle.locked == nullptr || handle.locked->place() != Place::as_opened) return SQLITE_CANTOPEN;
    // The name may have led to two different files in the two openings.
    int moved = 0;
    const int asked =
        pass<&sqlite3_io_methods::xFileControl>(file, int{SQLITE_FCNTL_HAS_MOVED}, static_cast<void*>(&moved));
    return asked == SQLITE_OK && moved == 0 ? SQLITE_OK : SQLITE_CANTOPEN;
}

// Checks the name before and after the opening: if the database was at that name, the file beside it was its own.
int open_beside(const char* name, sqlite3_file* file, int flags, int* result) noexcept {
    file->pMethods = nullptr;
    LockedFile* const database = locked_file_of(sqlite3_database_file_object(name));
    if (database == nullptr) return SQLITE_CANTOPEN;
    if (database->place() != Place::as_opened) return SQLITE_READONLY_DBMOVED;
    const int opened = system_files().xOpen(&system_files(), name, file, flags, result);
    if (opened != SQLITE_OK) return opened;
    const bool is_beside = (flags & SQLITE_OPEN_WAL) == 0 || database->remember_log();
    if (is_beside && database->place() == Place::as_opened) return SQLITE_OK;
    file->pMethods->xClose(file);
    file->pMethods = nullptr;
    return SQLITE_READONLY_DBMOVED;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* result) noexcept {
    if (name != nullptr && (flags & SQLITE_OPEN_MAIN_DB) != 0) return open_database(name, file, flags, result);
    const bool beside = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    if (name != nullptr && beside) return open_beside(name, file, flags, result);
    return system_files().xOpen(&system_files(), name, file, flags, result);
}

// A program may contain several copies of this library, for instance in plug-ins, and each must open by its own name.
// Not a std::string, since SQLite may read it after the program's static strings are destroyed.
const char* name_of_this_copy() noexcept {
    static std::array<char, 48> name{};
    std::snprintf(name.data(), name.size(), "approvekit-%p", static_cast<const void*>(&database_methods));
    return name.data();
}

const char* make_file_system() {
    if (!ByteLocks::are_available()) return nullptr;
    static sqlite3_vfs ours = system_files();
    ours.zName = name_of_this_copy();
    ours.szOsFile = static_cast<int>(sizeof(DatabaseHandle)) + system_files().szOsFile;
    ours.xOpen = open;
    return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? ours.zName : nullptr;
}

}  // namespace

LockedFile* locked_file_of(sqlite3_file* database) noexcept {
    LockedFile* found = nullptr;
    if (database == nullptr || database->pMethods == nullptr) return nullptr;
    // Asks through SQLite's file, since a test may have wrapped ours.
    const int asked = database->pMethods->xFileControl(database, locked_file_operation, static_cast<void*>(&found));
    return asked == SQLITE_OK ? found : nullptr;
}

const char* file_system_name() {
    static const char* const name = make_file_system();
    return name;
}

}  // namespace approvekit::sqlite
