#pragma once

#include "base/file_descriptor.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace approvekit::sqlite {

/// A flag that one thread raises and another waits for beside other descriptors.
///
/// raise() is for all threads and for signal handlers, clear() for the one that waits.
class Interrupt {
public:
    /// Throws StorageError (storage_io) when descriptors run out.
    Interrupt();

    /// Readable from the first raise() to the next clear().
    [[nodiscard]] int descriptor() const noexcept { return reader_.get(); }

    void raise() noexcept;

    /// Returns whether it was raised.
    bool clear() noexcept;

private:
    base::FileDescriptor reader_;
    base::FileDescriptor writer_;  ///< empty where one descriptor serves both ends
};

/// Waits for something to happen to a database: to its file, its journals or its bell.
///
/// It watches the directory, since the journals come and go. Events say that something happened, never what, and our
/// own deeds look like anybody's. Where the system notifies nothing, waits simply time out. interrupt() is for all
/// threads, everything else for one.
class DirectoryWatch {
public:
    /// What happened since the last wait, all of it. When events may have been lost, all is said to have happened.
    struct Event {
        bool bell = false;         ///< rung: a commit is visible
        bool closed_bell = false;  ///< a process let go of it: maybe it died; or it is gone
        bool database = false;     ///< written: a commit may become visible soon
        bool unrelated = false;    ///< some other file of the directory
        bool interrupted = false;

        [[nodiscard]] bool any() const noexcept { return bell || closed_bell || database || unrelated || interrupted; }
    };

    /// Throws StorageError (storage_io) when descriptors run out. A directory that cannot be watched is not an error.
    explicit DirectoryWatch(const std::filesystem::path& database);

    /// Returns as soon as anything happened, or with an empty event after `timeout`. A directory that went away is an
    /// event, and so is its return.
    [[nodiscard]] Event wait(std::chrono::nanoseconds timeout);

    /// Makes wait() return, now or the next time. Safe in signal handlers.
    void interrupt() noexcept { interrupt_.raise(); }

    /// While quiet, only the bell is watched: under a storm of commits neither their writers nor we pay for
    /// notifications that would be merged anyway. Look once after leaving it.
    void set_quiet(bool quiet) noexcept;

    /// Whether the system notifies of anything at present.
    [[nodiscard]] bool is_watching() const noexcept { return directory_watch_ >= 0; }

private:
    [[nodiscard]] bool return_to_directory() noexcept;
    void block(std::chrono::nanoseconds timeout) const noexcept;
    void collect(Event& event) noexcept;
    void add(Event& event, int watch, std::uint32_t mask, std::string_view name) noexcept;

    std::filesystem::path directory_;
    std::filesystem::path bell_;
    std::string database_name_;
    std::string bell_name_;
    Interrupt interrupt_;
    base::FileDescriptor notifications_;
    int directory_watch_ = -1;
    int bell_watch_ = -1;
    bool quiet_ = false;
};

}  // namespace approvekit::sqlite
