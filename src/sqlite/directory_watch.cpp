#include "sqlite/directory_watch.hpp"

#include "sqlite/bell.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <poll.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/inotify.h>
#endif

namespace approvekit::sqlite {
namespace {

using SteadyClock = std::chrono::steady_clock;

void assume_everything(DirectoryWatch::Event& event) noexcept {
    event.bell = event.closed_bell = event.database = true;
}

#ifdef __linux__
constexpr std::uint32_t bell_events = IN_MODIFY | IN_CLOSE_WRITE;
constexpr int most_reads = 64;
constexpr std::uint32_t loss_events = IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t directory_events =
    bell_events | loss_events | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

/// Adds a watch, or changes what an existing one reports.
int watch(const base::FileDescriptor& notifications, const std::filesystem::path& path, std::uint32_t events) noexcept {
    return ::inotify_add_watch(notifications.get(), path.c_str(), events);
}
#endif

bool is_journal_of(std::string_view name, std::string_view database) noexcept {
    if (!name.starts_with(database)) return false;
    name.remove_prefix(database.size());
    return name == "-wal" || name == "-journal";
}

}  // namespace

#ifdef __linux__

DirectoryWatch::DirectoryWatch(const std::filesystem::path& database)
    : directory_(std::filesystem::absolute(database).parent_path()),
      bell_(bell_path(std::filesystem::absolute(database))),
      database_name_(database.filename().string()),
      bell_name_(bell_.filename().string()),
      notifications_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (notifications_) directory_watch_ = watch(notifications_, directory_, directory_events | IN_ONLYDIR);
}

bool DirectoryWatch::return_to_directory() noexcept {
    if (is_watching() || !notifications_) return false;
    directory_watch_ = watch(notifications_, directory_, directory_events | IN_ONLYDIR);
    if (is_watching()) quiet_ = false;
    return is_watching();
}

void DirectoryWatch::set_quiet(bool quiet) noexcept {
    if (quiet == quiet_ || !is_watching()) return;
    // One of the two watches reports each ring at any time; both do so only during the change.
    if (quiet) {
        bell_watch_ = watch(notifications_, bell_, bell_events | IN_DELETE_SELF);
        if (bell_watch_ < 0 || watch(notifications_, directory_, loss_events) < 0) return;
    } else {
        if (watch(notifications_, directory_, directory_events) < 0) return;
        bell_watch_ = watch(notifications_, bell_, IN_DELETE_SELF);
    }
    quiet_ = quiet;
}

void DirectoryWatch::block(std::chrono::nanoseconds timeout) const noexcept {
    // A negative descriptor is skipped.
    std::array<::pollfd, 2> ready{{{interrupt_.descriptor(), POLLIN, 0}, {notifications_.get(), POLLIN, 0}}};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
    const ::timespec limit{static_cast<::time_t>(seconds.count()), static_cast<long>((timeout - seconds).count())};
    ::ppoll(ready.data(), ready.size(), &limit, nullptr);
}

void DirectoryWatch::collect(Event& event) noexcept {
    event.interrupted |= interrupt_.clear();
    alignas(::inotify_event) std::array<char, 16384> buffer;
    // The rest is left for the next wait: a process that writes without a pause must not keep us here.
    for (int reads = 0; reads < most_reads; ++reads) {
        const auto size = notifications_ ? ::read(notifications_.get(), buffer.data(), buffer.size()) : -1;
        if (size <= 0) return;
        for (auto rest = std::string_view(buffer.data(), static_cast<std::size_t>(size)); !rest.empty();) {
            const auto* notice = reinterpret_cast<const ::inotify_event*>(rest.data());
            // The name is padded with NULs.
            add(event, notice->wd, notice->mask, notice->len > 0 ? notice->name : "");
            rest.remove_prefix(sizeof(::inotify_event) + notice->len);
        }
    }
}

void DirectoryWatch::add(Event& event, int watch, std::uint32_t mask, std::string_view name) noexcept {
    const bool of_bell = watch == bell_watch_ && watch >= 0;
    if ((mask & (IN_Q_OVERFLOW | IN_UNMOUNT | loss_events)) != 0) assume_everything(event);
    if ((mask & IN_IGNORED) != 0) {
        if (of_bell) bell_watch_ = -1;
        if (watch == directory_watch_) directory_watch_ = -1;
    } else if (of_bell || name == bell_name_) {
        event.bell |= (mask & IN_CLOSE_WRITE) == 0;
        event.closed_bell |= (mask & (IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM)) != 0;
    } else if (name == database_name_ || is_journal_of(name, database_name_)) {
        event.database = true;
    } else {
        event.unrelated = true;
    }
}

#else

DirectoryWatch::DirectoryWatch(const std::filesystem::path& database) : directory_(database.parent_path()) {}

bool DirectoryWatch::return_to_directory() noexcept {
    return false;
}

void DirectoryWatch::set_quiet(bool quiet) noexcept {
    quiet_ = quiet;
}

void DirectoryWatch::block(std::chrono::nanoseconds timeout) const noexcept {
    ::pollfd ready{interrupt_.descriptor(), POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(timeout).count()));
}

void DirectoryWatch::collect(Event& event) noexcept {
    event.interrupted |= interrupt_.clear();
}

#endif

DirectoryWatch::Event DirectoryWatch::wait(std::chrono::nanoseconds timeout) {
    Event event;
    if (return_to_directory()) {
        assume_everything(event);
        return event;
    }
    constexpr std::chrono::nanoseconds longest = std::chrono::hours{1};
    const auto deadline = SteadyClock::now() + std::clamp(timeout, std::chrono::nanoseconds{0}, longest);
    for (auto rest = timeout;; rest = deadline - SteadyClock::now()) {
        block(std::clamp(rest, std::chrono::nanoseconds{0}, longest));
        collect(event);
        if (event.any() || SteadyClock::now() >= deadline) return event;
    }
}

}  // namespace approvekit::sqlite
