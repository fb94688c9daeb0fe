#include "sqlite/look_schedule.hpp"

#include <algorithm>

namespace approvekit::sqlite {

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
        // While writes keep coming, the next of them gets ahead of this retry and is merged again.
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

/// It may go one below nothing: what is spent then is the look at the end of the merging.
bool LookSchedule::spend_allowance(TimePoint now) {
    allowance_ = std::min(allowance_ + (now - allowance_time_), pace_.merge * pace_.burst) - pace_.merge;
    allowance_time_ = now;
    return allowance_.count() >= 0;
}

void LookSchedule::start_merging(TimePoint now) {
    merging_ = true;
    merged_until_ = now + pace_.merge;
    // What a ring called for may stand behind that lock, so only other retries can wait for the merged look.
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

}  // namespace approvekit::sqlite
