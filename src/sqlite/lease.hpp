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

/// How old the last heartbeat of an agent on another host may be. The clocks of such hosts must agree to within this.
inline constexpr std::chrono::seconds heartbeat_limit{30};

/// Shows that an agent's process is alive, as long as this object exists.
///
/// It holds a lock of the open-file-description kind on a slot of the bell file, with its own description. The kernel
/// drops that lock when the process ends, in whatever way. (The older POSIX kind would be dropped as soon as any part
/// of the process closed any descriptor of that file.) Other hosts cannot see the lock, so the slot also has the time
/// of the last heartbeat. Thread-safe.
class Lease {
public:
    /// Takes the slot of session `number` (from 0) and beats once. Take it before the session becomes visible to
    /// others, who would otherwise find it dead.
    ///
    /// Throws what open_bell throws, and storage_busy if somebody else holds that slot.
    Lease(const std::filesystem::path& database, std::int64_t number, Time now);

    /// Releases the slot, except in a forked child, since there it still belongs to the parent.
    ~Lease();

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    [[nodiscard]] std::int64_t number() const noexcept { return number_; }

    /// Call it several times within heartbeat_limit. It also rings the bell. A beat that cannot be written is missed;
    /// others may then take the agent for dead, which refuses its calls and runs none. If another bell file has
    /// replaced ours, first takes the slot in that one.
    void beat(Time now) noexcept;

    /// Beats if another bell file has replaced ours.
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

/// Takes the first free slot from `number` on: the lease of a session that was never recorded may still be held.
///
/// Throws what Lease throws; storage_busy if a hundred slots in a row are held.
[[nodiscard]] std::unique_ptr<Lease> take_free_lease(const std::filesystem::path& database, std::int64_t number,
                                                     Time now);

/// Looks at the leases of all sessions. Make a new one for each round of looking, since it sees the bell file as it is
/// then.
class LeaseProbe {
public:
    /// `observer` is the calling process. A caller that looks often should keep it: it does not change, and the system
    /// needs longer to describe a process that has more threads.
    ///
    /// Throws what open_bell throws. A missing bell file is not an error: its slots count as never written.
    explicit LeaseProbe(const std::filesystem::path& database, AgentIdentity observer = AgentIdentity::current());

    /// Whether a process of this host (including this one) holds the lock.
    [[nodiscard]] bool is_locked(std::int64_t number) const;

    /// Returns nothing if the session never beat.
    [[nodiscard]] std::optional<Time> last_beat(std::int64_t number) const;

    /// Whether the session could only beat, because its file system or operating system has no such locks.
    [[nodiscard]] bool is_heartbeat_only(std::int64_t number) const;

    /// Whether the agent that opened the session is dead or has closed it, as of `now`.
    ///
    /// Under the same kernel the lock decides, and also the process itself: a child that was created without the C
    /// library keeps the lock of a dead parent. Elsewhere the heartbeat decides. Every session writes its slot before
    /// others see it, so a slot that was never written means that the bell file was replaced. This is noted in the
    /// slot, in a bell that is created if necessary, and an agent that is alive takes its slot again within
    /// heartbeat_limit. Throws what open_bell throws.
    [[nodiscard]] bool is_gone(const AgentIdentity& agent, std::int64_t number, Time now) const;

private:
    [[nodiscard]] bool is_silent(std::int64_t number, Time now) const;
    void await(std::int64_t number, Time now) const;

    std::filesystem::path database_;
    base::FileDescriptor file_;
    AgentIdentity observer_;
};

}  // namespace approvekit::sqlite
