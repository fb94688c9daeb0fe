#include "sqlite/watcher.hpp"

#include "base/thread_signals.hpp"

#include <algorithm>
#include <stop_token>
#include <utility>

#include <unistd.h>

namespace approvekit::sqlite {
namespace {

using SteadyClock = std::chrono::steady_clock;

template <typename Work>
void attempt(const Watcher::Callbacks& callbacks, const Work& work) {
    try {
        work();
    } catch (...) {
        callbacks.on_failure(std::current_exception());
    }
}

}  // namespace

Watcher::Watcher(const std::filesystem::path& database, Callbacks callbacks, const Pace& pace)
    : callbacks_(std::move(callbacks)),
      pace_(pace),
      watch_(database),
      schedule_(pace, SteadyClock::now()),
      next_poll_(SteadyClock::now()),
      next_tick_(next_poll_),
      owner_(::getpid()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Watcher::~Watcher() {
    // Only the handle came along into the child, and joining it would never end.
    if (::getpid() != owner_) thread_.detach();
}

void Watcher::run(const std::stop_token& stop) {
    base::leave_signals_to_others();
    const std::stop_callback stopped(stop, [this] { watch_.interrupt(); });
    while (!stop.stop_requested()) {
        const auto event = watch_.wait(next() - SteadyClock::now());
        if (stop.stop_requested()) return;
        const auto now = SteadyClock::now();
        note(event, now);
        // Before the look, which then sees what was written unwatched.
        watch_.set_quiet(schedule_.is_merging(now));
        do_what_is_due(now);
    }
}

void Watcher::note(const DirectoryWatch::Event& event, TimePoint now) {
    schedule_.note(event, now);
    if (event.closed_bell) next_departure_ = now + pace_.departure_delay;
    if (event.interrupted) next_poll_ = now;
}

void Watcher::do_what_is_due(TimePoint now) {
    if (next_poll_ <= now) {
        next_poll_ = now + pace_.poll_interval;
        next_tick_ = now;
        schedule_.demand_look(now);
    }
    if (schedule_.next() <= now) look();
    if (next_tick_ <= now) tick(now);
    if (next_departure_ <= now) depart();
}

void Watcher::look() {
    auto looked = Looked::nothing;
    attempt(callbacks_, [&] { looked = callbacks_.look(); });
    schedule_.note(looked, SteadyClock::now());
}

void Watcher::tick(TimePoint now) {
    auto rest = pace_.failed_tick_retry;
    attempt(callbacks_, [&] { rest = callbacks_.tick(); });
    next_tick_ = now + std::clamp(rest, pace_.first_retry, pace_.poll_interval);
}

void Watcher::depart() {
    next_departure_ = TimePoint::max();
    if (callbacks_.departure) attempt(callbacks_, callbacks_.departure);
}

Watcher::TimePoint Watcher::next() const {
    return std::min({next_poll_, next_tick_, next_departure_, schedule_.next()});
}

}  // namespace approvekit::sqlite
