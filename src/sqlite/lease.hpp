#pragma once

#include "base/agent_identity.hpp"
#include "base/file_descriptor.hpp"
#include "sqlite/lock_descriptor.hpp"

#include "approvekit/clock.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>

#include <sys/types.h>

namespace approvekit::sqlite {

using base::AgentIdentity;
using base::has_exited;

/// How old the last heartbeat of an agent on another host may be. Such hosts need clocks that agree to within this.
inline constexpr std::chrono::seconds heartbeat_limit{30};

/// Says that an agent's process lives, for as long as this object does.
///
/// It holds a lock of the open-file-description kind on a slot of the bell file, through a description of its own.
/// The kernel drops it with the process, however that ends. (The older POSIX kind would go as soon as any part of the
/// process closed any descriptor of that file.) Other hosts cannot see the lock, so the slot also keeps the time of
/// the last heartbeat. Thread-safe.
class Lease {
public:
    /// Takes the slot of session `number` (from 0) and beats once. Take it before the session becomes visible to
    /// others, who would find it dead.
    ///
    /// Throws what open_bell throws, and storage_busy when somebody holds that slot.
    Lease(const std::filesystem::path& database, std::int64_t number, Time now);

    /// Releases the slot, except in a forked child: there the slot is still the parent's.
    ~Lease();

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    [[nodiscard]] std::int64_t number() const noexcept { return number_; }

    /// To be called several times within heartbeat_limit. Rings the bell by the way. A beat that cannot be written is
    /// missed, and others may then take the agent for dead, which refuses its calls and runs none. In a bell that
    /// stands there instead of ours, the slot is taken first.
    void beat(Time now) noexcept;

    /// Beats if the bell is another by now.
    void keep(Time now) noexcept;

private:
    void write_beat(Time now) noexcept;
    void take_anew() noexcept;

    std::filesystem::path database_;
    std::mutex mutex_;  // guards file_ and locked_
    LockDescriptor file_;
    std::int64_t number_;
    ::pid_t owner_;
    bool locked_ = false;
    bool remote_ = false;
};

/// Takes the first free slot from `number` on: one whose session never came to be may still be held.
///
/// Throws what Lease throws; storage_busy when a hundred slots in a row are held.
[[nodiscard]] std::unique_ptr<Lease> take_free_lease(const std::filesystem::path& database, std::int64_t number,
                                                     Time now);

/// Looks at the leases of all sessions. Make one for each round of looking: it sees the bell file as of now.
class LeaseProbe {
public:
    /// `observer` is the calling process, which does not change: whoever looks often keeps it, since the system takes
    /// the longer to describe a process the more threads it has.
    ///
    /// Throws what open_bell throws. A missing bell file is not an error: its slots are as though never written.
    explicit LeaseProbe(const std::filesystem::path& database, AgentIdentity observer = AgentIdentity::current());

    /// Whether a process of this host (this one too) holds the lock.
    [[nodiscard]] bool is_locked(std::int64_t number) const;

    /// Nothing when the session never beat.
    [[nodiscard]] std::optional<Time> last_beat(std::int64_t number) const;

    /// Whether the session could only beat, since its file system or system has no such locks.
    [[nodiscard]] bool is_heartbeat_only(std::int64_t number) const;

    /// Whether the agent that opened the session is dead or has closed it, as of `now`.
    ///
    /// Under this very kernel the lock decides; and the process itself, because a child that was made past the C
    /// library keeps the lock of a parent that died. Elsewhere the heartbeat decides. Every session has written its
    /// slot before others see it, so one that was never written says that the bell is another by now. That is noted
    /// there, in a bell that is made if need be, and an agent that lives takes its slot again within heartbeat_limit.
    /// Throws what open_bell throws.
    [[nodiscard]] bool is_gone(const AgentIdentity& agent, std::int64_t number, Time now) const;

private:
    [[nodiscard]] bool is_silent(std::int64_t number, Time now) const;
    void await(std::int64_t number, Time now) const;

    std::filesystem::path database_;
    base::FileDescriptor file_;
    AgentIdentity observer_;
};

}  // namespace approvekit::sqlite
