#include "sqlite/lease.hpp"

#include "sqlite/bell.hpp"
#include "sqlite/database_file.hpp"

#include "approvekit/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace approvekit::sqlite {
namespace {

// Rings are written at offset 0, far from the slots.
constexpr std::int64_t first_slot = 4096;
constexpr std::int64_t slot_size = 16;
constexpr std::int64_t slot_count = std::int64_t{1} << 40;

/// How a lease is held; or that a process found nothing in the slot and waits for a sign of life.
enum class Mark : unsigned char { locked = 'L', heartbeat = 'H', awaited = 'A' };

/// The content of a slot: the time in microseconds, lowest byte first because hosts differ, and the mark.
struct Slot {
    Time beat;
    Mark mark = Mark::locked;
};
using SlotBytes = std::array<unsigned char, slot_size>;
constexpr std::size_t mark_position = 8;

SlotBytes encode(const Slot& slot) {
    SlotBytes bytes{};
    auto rest = static_cast<std::uint64_t>(slot.beat.time_since_epoch().count());
    for (std::size_t i = 0; i < mark_position; ++i, rest >>= 8U)
        bytes.at(i) = static_cast<unsigned char>(rest & 0xFFU);
    bytes.at(mark_position) = static_cast<unsigned char>(slot.mark);
    return bytes;
}

std::optional<Slot> decode(const SlotBytes& bytes) {
    const auto mark = static_cast<Mark>(bytes.at(mark_position));
    if (mark != Mark::locked && mark != Mark::heartbeat && mark != Mark::awaited) return std::nullopt;
    std::uint64_t count = 0;
    for (std::size_t i = mark_position; i-- > 0;)
        count = (count << 8U) | bytes.at(i);
    return Slot{Time(Time::duration(static_cast<std::int64_t>(count))), mark};
}

constexpr bool is_slot(std::int64_t number) {
    return number >= 0 && number < slot_count;
}

constexpr ::off_t offset_of(std::int64_t number) {
    return static_cast<::off_t>(first_slot + slot_size * number);
}

std::optional<Slot> read_slot(int file, std::int64_t number) {
    if (!is_slot(number)) return std::nullopt;
    SlotBytes bytes{};
    if (::pread(file, bytes.data(), bytes.size(), offset_of(number)) != slot_size) return std::nullopt;
    return decode(bytes);
}

bool write_slot(int file, std::int64_t number, const Slot& slot) noexcept {
    const auto bytes = encode(slot);
    return ::pwrite(file, bytes.data(), bytes.size(), offset_of(number)) == slot_size;
}

#ifdef F_OFD_SETLK
struct flock lock_on(std::int64_t number, short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset_of(number);
    lock.l_len = slot_size;
    return lock;
}
#endif

/// Returns false if there are no such locks.
bool try_lock([[maybe_unused]] int file, [[maybe_unused]] std::int64_t number) {
#ifdef F_OFD_SETLK
    auto lock = lock_on(number, F_WRLCK);
    if (::fcntl(file, F_OFD_SETLK, &lock) == 0) return true;
    if (errno == EAGAIN || errno == EACCES) {
        throw StorageError(ErrorCode::storage_busy, "session " + std::to_string(number) + " is held by another agent");
    }
#endif
    return false;
}

void unlock([[maybe_unused]] int file, [[maybe_unused]] std::int64_t number) noexcept {
#ifdef F_OFD_SETLK
    auto lock = lock_on(number, F_UNLCK);
    ::fcntl(file, F_OFD_SETLK, &lock);
#endif
}

std::int64_t checked_slot(std::int64_t number) {
    if (is_slot(number)) return number;
    throw StorageError(ErrorCode::storage_corrupt, "session number " + std::to_string(number) + " is out of range");
}

}  // namespace

Lease::Lease(const std::filesystem::path& database, std::int64_t number, Time now)
    : database_(database), number_(checked_slot(number)), owner_(::getpid()) {
    open_bell(database, file_);
    locked_ = try_lock(file_.get(), number);
    remote_ = is_on_network(file_.get());
    beat(now);
}

Lease::~Lease() {
    // Unlocks explicitly, since a copy of the descriptor, and with it the lock, may exist for a long time.
    if (locked_ && ::getpid() == owner_) unlock(file_.get(), number_);
}

void Lease::beat(Time now) noexcept {
    const std::lock_guard lock(mutex_);
    write_beat(now);
}

void Lease::keep(Time now) noexcept {
    const std::lock_guard lock(mutex_);
    if (!is_bell_of(database_, file_.get())) write_beat(now);
}

void Lease::write_beat(Time now) noexcept {
    if (!is_bell_of(database_, file_.get())) take_anew();
    const bool written = write_slot(file_.get(), number_, {now, locked_ ? Mark::locked : Mark::heartbeat});
    // A local file is not synced: a heartbeat must not keep the disk awake, and nobody outside this kernel reads it.
    if (written && remote_) ::fsync(file_.get());
}

void Lease::take_anew() noexcept {
    try {
        LockDescriptor file;
        open_bell(database_, file);
        locked_ = try_lock(file.get(), number_);
        file_.swap(file);
    } catch (const StorageError&) {
        // The next beat tries again; until then others wait for it as long as for a missed beat.
    }
}

std::unique_ptr<Lease> take_free_lease(const std::filesystem::path& database, std::int64_t number, Time now) {
    constexpr std::int64_t slots_tried = 100;
    for (const std::int64_t last = number + slots_tried - 1;; ++number) {
        try {
            return std::make_unique<Lease>(database, number, now);
        } catch (const StorageError& error) {
            if (error.code() != ErrorCode::storage_busy || number == last) throw;
        }
    }
}

LeaseProbe::LeaseProbe(const std::filesystem::path& database, AgentIdentity observer)
    : database_(database), file_(open_bell(database, BellAccess::read)), observer_(std::move(observer)) {}

bool LeaseProbe::is_locked([[maybe_unused]] std::int64_t number) const {
#ifdef F_OFD_GETLK
    if (!file_ || !is_slot(number)) return false;
    auto lock = lock_on(number, F_WRLCK);
    return ::fcntl(file_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
#else
    return false;
#endif
}

std::optional<Time> LeaseProbe::last_beat(std::int64_t number) const {
    const auto slot = read_slot(file_.get(), number);
    if (!slot) return std::nullopt;
    return slot->beat;
}

bool LeaseProbe::is_heartbeat_only(std::int64_t number) const {
    const auto slot = read_slot(file_.get(), number);
    return slot && slot->mark == Mark::heartbeat;
}

bool LeaseProbe::is_silent(std::int64_t number, Time now) const {
    const auto beat = last_beat(number);
    // A beat in the future is as suspicious as an old one: some clock was set back since then.
    return !beat || *beat < now - heartbeat_limit || *beat > now + heartbeat_limit;
}

bool LeaseProbe::is_gone(const AgentIdentity& agent, std::int64_t number, Time now) const {
    if (!is_slot(number) || has_exited(agent, observer_)) return true;
    const bool is_here = agent.boot_id == observer_.boot_id;
    if (is_here && is_locked(number)) return false;
    const auto slot = read_slot(file_.get(), number);
    if (!slot) {
        await(number, now);
        return false;
    }
    return (is_here && slot->mark == Mark::locked) || is_silent(number, now);
}

void LeaseProbe::await(std::int64_t number, Time now) const {
    const base::FileDescriptor file = open_bell(database_, BellAccess::write);
    write_slot(file.get(), number, {now, Mark::awaited});
}

}  // namespace approvekit::sqlite
