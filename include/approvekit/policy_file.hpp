#pragma once

#include "approvekit/approve_kit.hpp"
#include "approvekit/clock.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace approvekit {

/// Brings the changes of a policy's file into a kit while the program runs: what the file says comes into force by
/// ApproveKit::reload() when it has changed. A reload by code stays until the next change of the file.
///
/// What is no policy, cannot be read, is empty or not there is refused as a whole: Options::on_event of the kit is told
/// of it, once, and the policy before it stays in force. So that a file which is being written is not taken half, a
/// change counts when two looks in a row have seen the same, except for what the constructor finds; who replaces the file
/// by a rename is safe whatever it takes to write it.
///
/// Has a thread of its own, which looks and by which events are told, and holds a copy of the kit: let it go before the
/// kit, or with it. Thread-safe. In a forked child nothing is followed.
class PolicyFile {
public:
    struct Options {
        /// How often it is looked at; 1 ms to 1 h. A change is in force after two of these at the latest, or three where
        /// it comes while one looks.
        std::chrono::milliseconds interval{1000};
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Puts the policy of the file in force at once, and follows it from now on. The path is that of
    /// Policy::from_file(); a relative one counts from where the program is now.
    ///
    /// Throws PolicyError as that does, Error (invalid_option) for an interval that is none or no clock, std::system_error
    /// when the system gives no thread. Nothing is followed then, and only after the last of them may the policy of
    /// the file be in force.
    PolicyFile(const std::filesystem::path& path, ApproveKit kit);
    PolicyFile(const std::filesystem::path& path, ApproveKit kit, Options options);
    /// The policy that is in force stays. Waits for a look, and for the events that it tells, unless one of them does this.
    ~PolicyFile();

    PolicyFile(const PolicyFile&) = delete;
    PolicyFile& operator=(const PolicyFile&) = delete;

    /// Why the file is not in force as it is, in the words of the PolicyError; empty when it is, as far as it was looked at.
    [[nodiscard]] std::string problem() const;

private:
    class Follower;
    std::shared_ptr<Follower> follower_;
};

}  // namespace approvekit
