#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/clock.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace approvekit {

/// Follows a policy file while the program runs: when the file has changed, puts its policy in force with
/// ApproveKit::reload(). A reload by code stays in force until the next change of the file.
///
/// A file that is not a valid policy, cannot be read, is empty or missing is refused as a whole: Options::on_event of
/// the kit is told once, and the previous policy stays in force. So that a file is not read while it is only partly
/// written, a change counts when two checks in a row have seen the same contents; what the constructor finds counts at
/// once. Replacing the file with a rename is always safe, however long the writing takes.
///
/// Owns a thread that checks the file and sends the events. Holds a copy of the kit: destroy it before the kit or
/// together with it. Thread-safe. In a forked child no file is followed.
class PolicyFile {
public:
    struct Options {
        /// How often the file is checked; 1 ms to 1 h. A change is in force after at most two intervals, or three if it
        /// happens during a check.
        std::chrono::milliseconds interval{1000};
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Puts the policy of the file in force at once and follows the file from now on. `path` is as in
    /// Policy::from_file(); a relative path is resolved against the current directory now.
    ///
    /// Throws PolicyError as Policy::from_file() does, Error (invalid_option) for an interval out of range or a null
    /// clock, and std::system_error when no thread can be created. Nothing is followed then. Only in the last case may
    /// the policy of the file already be in force.
    PolicyFile(const std::filesystem::path& path, ApproveKit kit);
    PolicyFile(const std::filesystem::path& path, ApproveKit kit, Options options);
    /// The policy in force stays. Waits for a running check and its events, unless the destructor is called from such
    /// an event.
    ~PolicyFile();

    PolicyFile(const PolicyFile&) = delete;
    PolicyFile& operator=(const PolicyFile&) = delete;

    /// Why the current contents of the file are not in force, as the text of the PolicyError. Empty when they are, as
    /// of the last check.
    [[nodiscard]] std::string problem() const;

private:
    class Follower;
    std::shared_ptr<Follower> follower_;
};

}  // namespace approvekit
