#pragma once

#include "base/file_descriptor.hpp"
#include "base/interrupt.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace approvekit::sqlite {

/// Waits until something happens to a database: to its file, its journals or its bell.
///
/// It watches the directory, since the journals come and go. Events say that something happened but never what, and our
/// own changes cause events too. If the system sends no notifications, waits simply time out. Any thread may call
/// interrupt(); everything else is for one thread.
class DirectoryWatch {
public:
    /// Everything that happened since the last wait. If events may have been lost, all flags are set.
    struct Event {
        bool bell = false;         ///< rung: a commit is visible
        bool closed_bell = false;  ///< a process closed it and may have died; or the bell is gone
        bool database = false;     ///< written: a commit may become visible soon
        bool unrelated = false;    ///< another file of the directory
        bool interrupted = false;

        [[nodiscard]] bool any() const noexcept { return bell || closed_bell || database || unrelated || interrupted; }
    };

    /// Throws StorageError (storage_io) if there are no descriptors left. A directory that cannot be watched is not an
    /// error.
    explicit DirectoryWatch(const std::filesystem::path& database);

    /// Returns as soon as something happened, or with an empty event after `timeout`. It is an event if the directory
    /// disappears, and if it comes back.
    [[nodiscard]] Event wait(std::chrono::nanoseconds timeout);

    /// Makes wait() return, now or the next time. Safe in signal handlers.
    void interrupt() noexcept { interrupt_.raise(); }

    /// While quiet, only the bell is watched: under a storm of commits, neither the writers nor we pay for
    /// notifications that would be merged anyway. Look once after leaving this state.
    void set_quiet(bool quiet) noexcept;

    /// Whether the system currently sends notifications.
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
    base::Interrupt interrupt_;
    base::FileDescriptor notifications_;
    int directory_watch_ = -1;
    int bell_watch_ = -1;
    bool quiet_ = false;
};

}  // namespace approvekit::sqlite
