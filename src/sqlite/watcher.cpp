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

LookSchedule::LookSchedule(const Pace& pace, TimePoint now)
    : pace_(pace),
      next_(now),
      retrying_since_(now),
      allowance_(pace.merge * pace.burst),
      allowance_time_(now),
      merged_until_(now) {}

void LookSchedule::note(const DirectoryWatch::Event& event, TimePoint now) {
    if (event.bell) demand_look(now);
    if (merging_ || !(event.database || event.unrelated)) return;
    if (!spend_allowance(now)) {
        start_merging(now);
    } else if (event.database) {
        demand_look(now);
        start_retries(pace_.first_retry, now);
    }
}

void LookSchedule::note(Looked looked, TimePoint now) {
    met_lock_ = looked == Looked::busy;
    if (merging_ && now >= merged_until_) {
        merging_ = false;
        // While writes keep coming, the next one comes before this retry and is merged again.
        start_retries(pace_.longest_retry, now);
    } else if (met_lock_ && retry_.count() == 0) {
        start_retries(pace_.first_retry, now);
    } else if (merging_ && !met_lock_) {
        retry_ = std::chrono::nanoseconds{0};
    }
    next_ = retry_.count() > 0 ? now + retry_ : TimePoint::max();
    retry_ = longer_retry(now);
    if (merging_) next_ = std::min(next_, merged_until_);
}

void LookSchedule::demand_look(TimePoint now) {
    next_ = std::min(next_, now);
}

/// The allowance may go below zero by one write; this pays for the look at the end of the merging.
bool LookSchedule::spend_allowance(TimePoint now) {
    allowance_ = std::min(allowance_ + (now - allowance_time_), pace_.merge * pace_.burst) - pace_.merge;
    allowance_time_ = now;
    return allowance_.count() >= 0;
}

void LookSchedule::start_merging(TimePoint now) {
    merging_ = true;
    merged_until_ = now + pace_.merge;
    // The commit of a ring may be behind that lock. So only retries for other reasons may wait for the merged look.
    if (!met_lock_ && next_ > now) next_ = merged_until_;
}

void LookSchedule::start_retries(std::chrono::nanoseconds first, TimePoint now) {
    retry_ = first;
    retrying_since_ = now;
}

std::chrono::nanoseconds LookSchedule::longer_retry(TimePoint now) const {
    const auto passed = now - retrying_since_;
    if (passed >= pace_.poll_interval) return std::chrono::nanoseconds{0};
    return std::min(retry_ * 2, std::max(pace_.longest_retry, passed / 8));
}

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
    // The child has only the handle of the thread, and joining it would never end.
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
        // Before the look, which then sees what was written while nothing was watched.
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
