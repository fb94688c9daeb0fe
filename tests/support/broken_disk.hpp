#pragma once

#include <sqlite3.h>

#include <fcntl.h>
#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <cstddef>

/// While this exists, SQLite cannot write to any file of this process: the system answers every attempt with `error`,
/// ENOSPC as a full disk does, EIO as a failing one. Use one at a time.
class UnwritableDisk {
public:
    explicit UnwritableDisk(int error) {
        error_ = error;
        set("write", reinterpret_cast<sqlite3_syscall_ptr>(&UnwritableDisk::write));
        set("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(&UnwritableDisk::pwrite));
        set("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(&UnwritableDisk::pwrite));
    }
    ~UnwritableDisk() {
        for (const char* name : {"write", "pwrite", "pwrite64"})
            set(name, nullptr);
    }
    UnwritableDisk(const UnwritableDisk&) = delete;
    UnwritableDisk& operator=(const UnwritableDisk&) = delete;

private:
    static void set(const char* name, sqlite3_syscall_ptr function) {
        sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
        files->xSetSystemCall(files, name, function);
    }
    static ssize_t write(int, const void*, std::size_t) { return refuse(); }
    static ssize_t pwrite(int, const void*, std::size_t, off_t) { return refuse(); }
    static ssize_t refuse() {
        errno = error_;
        return -1;
    }

    inline static std::atomic<int> error_{0};
};

/// While this exists, SQLite can open files only for reading, like files that belong to somebody else.
class ReadOnlyDisk {
public:
    ReadOnlyDisk() { set(reinterpret_cast<sqlite3_syscall_ptr>(&ReadOnlyDisk::open)); }
    ~ReadOnlyDisk() { set(nullptr); }
    ReadOnlyDisk(const ReadOnlyDisk&) = delete;
    ReadOnlyDisk& operator=(const ReadOnlyDisk&) = delete;

private:
    static void set(sqlite3_syscall_ptr function) {
        sqlite3_vfs* const files = sqlite3_vfs_find(nullptr);
        files->xSetSystemCall(files, "open", function);
    }
    static int open(const char* path, int flags, int mode) {
        if ((flags & O_ACCMODE) == O_RDONLY) return ::open(path, flags, mode);
        errno = EACCES;
        return -1;
    }
};
