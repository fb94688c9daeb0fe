#pragma once

#include "base/interrupt.hpp"
#include "postgres/change_feed.hpp"
#include "postgres/writers_table.hpp"
#include "record/listeners.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

namespace approvekit::postgres {

/// The one thread of a storage, with its listening connection. It tells of changes, shows that the session is alive,
/// holds the session's lock if the connection is its own, and does what is due.
class Attendant {
public:
    struct Work {
        std::function<void()> flush;           ///< makes durable what waits for it
        std::function<void()> sweep;           ///< ends what is due; called about once a second
        std::function<void()> tidy;            ///< removes what is not needed any more; called about once a minute
        std::function<void()> tell_of_pooler;  ///< called once, if there is a pooler in between
    };

    struct Pace {
        std::chrono::milliseconds poll_interval;  ///< how often to look for changes
        std::chrono::milliseconds busy_timeout;   ///< about how long the server may be silent
    };

    /// Begins at once.
    Attendant(Target target, std::string writer, Work work, std::shared_ptr<record::Listeners> listeners, Pace pace);
    /// Waits until the running work returns.
    ~Attendant();

    Attendant(const Attendant&) = delete;
    Attendant& operator=(const Attendant&) = delete;

    /// From now on, shows that the session is alive.
    void attend_to(std::int64_t session);
    /// Somebody wants to hear of changes.
    void wake() noexcept { interrupt_.raise(); }

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void run(const std::stop_token& stop);
    void round();
    void listen();
    void take_lock();
    void look();
    void do_what_is_due(TimePoint now);
    [[nodiscard]] std::chrono::milliseconds rest() const;
    void fail(const std::string& reason);

    Connection connection_;
    WritersTable writers_;
    Work work_;
    std::shared_ptr<record::Listeners> listeners_;
    std::chrono::milliseconds poll_interval_;
    base::Interrupt interrupt_;
    ChangeFeed feed_;
    std::atomic<std::int64_t> session_ = 0;
    bool listens_ = false;
    bool has_lock_ = false;
    bool has_own_session_ = false;  ///< no pooler is in between, which would keep a lock of the session as its own
    bool is_told_of_failure_ = false;
    bool is_told_of_pooler_ = false;
    TimePoint next_poll_;
    TimePoint next_flush_;
    TimePoint next_beat_;
    TimePoint next_sweep_;
    TimePoint next_tidying_;
    std::jthread thread_;  ///< last, so that it ends before what it uses
};

}  // namespace approvekit::postgres
