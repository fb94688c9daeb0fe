#include "postgres/attendant.hpp"

#include "base/thread_signals.hpp"
#include "postgres/failure.hpp"
#include "postgres/locks.hpp"

#include <algorithm>
#include <exception>
#include <random>
#include <utility>

namespace approvekit::postgres {

namespace {

constexpr std::chrono::seconds beat_period{1};
constexpr std::chrono::seconds sweep_period{1};
constexpr std::chrono::seconds tidying_period{60};
constexpr std::chrono::milliseconds retry_period{200};

/// From half of it to one and a half, so that storages do not all ask at the same time.
std::chrono::milliseconds jittered(std::chrono::milliseconds period) {
    thread_local std::minstd_rand random(std::random_device{}());
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::int64_t>(period.count() / 2, period.count() * 3 / 2)(random));
}

/// What cannot be written now is due again in the next round. Telling of changes must not stop because of it.
void keep_trying(const std::function<void()>& work) {
    try {
        work();
    } catch (const StorageError&) {
        return;
    }
}

}  // namespace

Attendant::Attendant(Target target, std::string writer, Work work, std::shared_ptr<record::Listeners> listeners,
                     Pace pace)
    : connection_(std::move(target), longest_silence(pace.busy_timeout)),
      writers_(connection_, std::move(writer)),
      work_(std::move(work)),
      listeners_(std::move(listeners)),
      poll_interval_(std::max(pace.poll_interval, std::chrono::milliseconds(1))),
      feed_(connection_),
      next_poll_(std::chrono::steady_clock::now()),
      next_flush_(next_poll_ + poll_interval_),
      next_beat_(next_poll_),
      next_sweep_(next_poll_ + sweep_period),
      next_tidying_(next_poll_ + jittered(tidying_period)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Attendant::~Attendant() {
    thread_.request_stop();
    interrupt_.raise();
}

void Attendant::attend_to(std::int64_t session) {
    session_ = session;
    interrupt_.raise();
}

void Attendant::run(const std::stop_token& stop) {
    base::leave_signals_to_others();
    while (!stop.stop_requested()) {
        try {
            round();
        } catch (const std::exception& error) {
            // Also errors that no storage throws: they must not end the process whose calls are attended to.
            fail(error.what());
        }
    }
}

void Attendant::fail(const std::string& reason) {
    connection_.close();
    listens_ = has_lock_ = false;
    feed_.start_over();
    if (!is_told_of_failure_) listeners_->tell_failure(reason);
    is_told_of_failure_ = true;
    interrupt_.clear();
    connection_.wait_for_notifications(interrupt_.descriptor(), retry_period);
}

void Attendant::round() {
    if (!listens_) listen();
    if (has_own_session_ && session_ != 0 && !has_lock_) take_lock();
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_poll_) {
        look();
        next_poll_ = std::chrono::steady_clock::now() + jittered(poll_interval_);
    }
    do_what_is_due(now);
    const bool is_notified = connection_.wait_for_notifications(interrupt_.descriptor(), rest());
    if (interrupt_.clear() || is_notified) next_poll_ = std::chrono::steady_clock::now();
}

void Attendant::listen() {
    // A pooler reports a process number of its own, and any of the server's connections may answer.
    Rows answering = connection_.rows("SELECT pg_backend_pid(), pg_is_in_recovery()");
    has_own_session_ = answering.next() && answering.integer(0) == connection_.server_process();
    // A server that follows another one refuses LISTEN. There, changes are found by polling.
    if (has_own_session_ && !answering.flag(1)) connection_.rows("LISTEN approvekit");
    if (!has_own_session_ && !std::exchange(is_told_of_pooler_, true)) work_.tell_of_pooler();
    listens_ = true;
    is_told_of_failure_ = false;
    next_poll_ = std::chrono::steady_clock::now();
}

void Attendant::take_lock() {
    const std::int64_t session = session_;
    Rows rows = connection_.rows("SELECT pg_try_advisory_lock($1, $2)", std::int64_t{lock_space_of_sessions},
                                 lock_of_session(session));
    has_lock_ = rows.next() && rows.flag(0);
    // An earlier connection of ours may still have it, until the server notices that it is lost.
    has_lock_ ? writers_.note_lock() : writers_.beat();
}

void Attendant::look() {
    if (listeners_->empty()) {
        feed_.start_over();
        return;
    }
    listeners_->tell(feed_.look());
}

void Attendant::do_what_is_due(TimePoint now) {
    if (session_ != 0 && now >= next_beat_) {
        writers_.beat();
        next_beat_ = now + beat_period;
    }
    if (now >= next_flush_) {
        keep_trying(work_.flush);
        next_flush_ = std::chrono::steady_clock::now() + poll_interval_;
    }
    if (now >= next_sweep_) {
        keep_trying(work_.sweep);
        next_sweep_ = std::chrono::steady_clock::now() + jittered(sweep_period);
    }
    if (now >= next_tidying_) {
        keep_trying(work_.tidy);
        next_tidying_ = std::chrono::steady_clock::now() + jittered(tidying_period);
    }
}

std::chrono::milliseconds Attendant::rest() const {
    const TimePoint next =
        std::min({next_poll_, next_flush_, next_sweep_, session_ != 0 ? next_beat_ : TimePoint::max()});
    const auto left = next - std::chrono::steady_clock::now();
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
}

}  // namespace approvekit::postgres
