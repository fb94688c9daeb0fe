#pragma once

#include "file_descriptor.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace approvekit::sqlite {

/// Waits for something to happen to a database: to its file, its journals or its bell.
///
/// It watches the directory, since the journals come and go. Events say that something happened, never what, and our
/// own deeds look like anybody's. Where the system notifies nothing, waits simply time out. wait() and set_quiet() are
/// for one thread; interrupt() is for all.
class DirectoryWatch {
public:
    /// What happened since the last wait, all of it. When events were lost, everything is said to have happened.
    struct Event {
        bool bell = false;         ///< rung: a commit is visible
        bool closed_bell = false;  ///< a process let go of it: maybe it died
        bool database = false;     ///< written: a commit may become visible soon
        bool interrupted = false;

        [[nodiscard]] bool any() const noexcept { return bell || closed_bell || database || interrupted; }
    };

    /// Throws StorageError (storage_io) when descriptors run out. A directory that cannot be watched is no error.
    explicit DirectoryWatch(const std::filesystem::path& database);
    ~DirectoryWatch();

    DirectoryWatch(const DirectoryWatch&) = delete;
    DirectoryWatch& operator=(const DirectoryWatch&) = delete;

    /// Returns as soon as anything happened, or with an empty event after `timeout`. A directory that went away is an
    /// event, and is watched again when it is back.
    [[nodiscard]] Event wait(std::chrono::nanoseconds timeout);

    /// Makes wait() return, now or the next time. Async-signal-safe.
    void interrupt() noexcept;

    /// While quiet, the database's own files are not watched, only the bell: under a storm of commits neither their
    /// writers nor we pay for notifications that would be merged anyway. Look once after leaving it.
    void set_quiet(bool quiet) noexcept;

    /// Whether the system notifies at all.
    [[nodiscard]] bool notifies() const noexcept;

private:
    struct Names {
        std::string database;
        std::string wal;
        std::string journal;
        std::string bell;
    };

    void watch() noexcept;
    void drain_notifications(Event& event) noexcept;
    void drain_interrupts(Event& event) noexcept;

    std::filesystem::path directory_;
    std::filesystem::path bell_;
    Names names_;
    FileDescriptor notifications_;
    FileDescriptor interrupt_reader_;
    FileDescriptor interrupt_writer_;  ///< empty where one descriptor serves both ends
    int directory_watch_ = -1;
    int bell_watch_ = -1;
    bool quiet_ = false;
};

}  // namespace approvekit::sqlite
