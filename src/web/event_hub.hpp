#pragma once

#include "approvekit/storage.hpp"
#include "web/answer.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

/// What happened since a server started, numbered one by one, the last of it. However many read along, and however
/// slowly, it is kept once. Thread-safe.
class EventLog {
public:
    /// Some 400 kB of usual ids; never more than 1.5 MB.
    static constexpr std::size_t usual_most = 4096;

    /// A longer id, which only another program makes, is not kept: readers look at everything instead.
    static constexpr std::size_t longest_id = 256;

    /// How much a reader is given at once.
    static constexpr std::size_t most_at_once = 256;

    explicit EventLog(std::size_t most = usual_most) : most_(most) {}

    struct Event {
        std::uint64_t number = 0;
        Change change;
    };

    /// What a reader is told.
    struct News {
        /// In the order of their numbers, of each request the last one only.
        std::vector<Event> events;
        std::uint64_t last = 0;     ///< the number up to which the reader has heard everything then
        bool is_forgotten = false;  ///< some of it is not kept any more, and nothing of it is told
        bool is_blind = false;      ///< the storage tells of nothing any more
        bool is_closed = false;
    };

    /// Never throws: without memory for it, readers look at everything instead.
    void add(const Change& change) noexcept;

    /// The storage can no longer tell of changes.
    void set_blind() noexcept;

    /// Ends all waiting, now and later.
    void close() noexcept;

    /// What happened after event `number`, waiting for it for `patience` at most.
    [[nodiscard]] News wait_after(std::uint64_t number, std::chrono::milliseconds patience);

    /// The number of the last event; 0 before the first.
    [[nodiscard]] std::uint64_t last() const;

    /// What a client may send back to go on after event `number`. No other log has the same.
    [[nodiscard]] std::string id_of(std::uint64_t number) const;

    /// The number in such a text; nothing where this log has not written it.
    [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view id) const;

    /// Whether everything after event `number` is known.
    [[nodiscard]] bool can_go_on_after(std::uint64_t number) const;

private:
    void keep(const Change& change);
    [[nodiscard]] bool is_forgotten(std::uint64_t number) const;
    [[nodiscard]] std::vector<Event> latest_after(std::uint64_t number) const;

    const std::size_t most_;
    const std::string name_ = random_name();
    mutable std::mutex mutex_;
    std::condition_variable_any came_;
    std::deque<Event> events_;
    std::uint64_t last_ = 0;
    bool is_blind_ = false;
    bool is_closed_ = false;

    [[nodiscard]] static std::string random_name();
};

/// How often a stream says something even if nothing happens: a closed client is noticed only by writing to it.
inline constexpr std::chrono::milliseconds heartbeat_period{2000};

/// How long a stream goes on at most that is not for its listener any more.
inline constexpr std::chrono::milliseconds listener_period{250};

/// For whom a stream is. A plain value.
struct StreamListener {
    std::string reviewer{};  ///< one of several; empty: there is one
    std::function<bool()>
        may_listen{};  ///< asked before anything is told, and every `listener_period`; empty: for ever
};

/// What one client has yet to be told: a place in the log that all of them share. One thread asks it.
class EventStream final : public BodyStream {
public:
    /// `greeting` is told first; then what happened after event `number`. Keeps a reference to `log`.
    EventStream(EventLog& log, std::uint64_t number, std::string greeting, StreamListener listener = {});

    /// The text to send next, a heartbeat if nothing happens within `patience`; nothing once the hub was closed or the
    /// listener may not listen any more. A client that the log has left behind is told to begin again, and one that the
    /// storage tells nothing any more, to look at everything at every heartbeat.
    [[nodiscard]] std::optional<std::string> next(std::chrono::milliseconds patience);
    [[nodiscard]] std::optional<std::string> next() override { return next(heartbeat_period); }

    [[nodiscard]] const std::string& reviewer() const noexcept { return listener_.reviewer; }

private:
    [[nodiscard]] EventLog::News news_within(std::chrono::milliseconds patience);

    EventLog& log_;
    const StreamListener listener_;
    std::uint64_t number_;
    std::optional<std::string> greeting_;
};

/// Passes the storage's changes on to all streams, numbered. Thread-safe; shared with the storage it listens to, and
/// outlives its streams.
class EventHub final : public ChangeListener {
public:
    explicit EventHub(std::size_t capacity, std::size_t remembered = EventLog::usual_most)
        : capacity_(capacity), log_(remembered) {}

    /// A new stream that begins with `hello`, or nothing when as many as allowed are open already, half of them at most for
    /// one of several reviewers. It counts until its last owner lets go. `now` is the time that hello tells. With
    /// `last_event_id` it goes on after that event, or says that it cannot and begins with what happens from now on.
    [[nodiscard]] std::shared_ptr<EventStream> open(std::string_view now,
                                                    std::optional<std::string_view> last_event_id = std::nullopt,
                                                    StreamListener listener = {});

    /// Ends every stream, and those that are yet to be opened.
    void close();

    void on_change(const Change& change) noexcept override { log_.add(change); }
    void on_watch_failed(const std::string& /*reason*/) noexcept override { log_.set_blind(); }

private:
    [[nodiscard]] bool has_room_for(const std::string& reviewer) const;
    [[nodiscard]] std::shared_ptr<EventStream> stream_from(std::string_view now,
                                                           std::optional<std::string_view> last_event_id,
                                                           StreamListener listener);

    const std::size_t capacity_;
    EventLog log_;
    std::mutex mutex_;
    std::vector<std::weak_ptr<EventStream>> streams_;
    bool closed_ = false;
};

}  // namespace approvekit::web
