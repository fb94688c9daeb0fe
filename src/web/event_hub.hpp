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

/// What happened since a server started, numbered one by one; only the last part is kept. It is kept once, however many
/// read along, and however slowly. Thread-safe.
class EventLog {
public:
    /// About 400 kB with usual ids; never more than 1.5 MB.
    static constexpr std::size_t usual_most = 4096;

    /// A longer id, which only another program makes, is not kept: readers look at everything instead.
    static constexpr std::size_t longest_id = 256;

    /// How much a reader gets at once.
    static constexpr std::size_t most_at_once = 256;

    explicit EventLog(std::size_t most = usual_most) : most_(most) {}

    struct Event {
        std::uint64_t number = 0;
        Change change;
    };

    /// What a reader is told.
    struct News {
        /// In the order of their numbers; of each request only the last one.
        std::vector<Event> events;
        std::uint64_t last = 0;     ///< the reader has then heard everything up to this number
        bool is_forgotten = false;  ///< some of it is no longer kept, so none of it is told
        bool is_blind = false;      ///< the storage no longer tells of anything
        bool is_closed = false;
    };

    /// Never throws. If there is no memory for it, readers look at everything instead.
    void add(const Change& change) noexcept;

    /// To be called when the storage can no longer tell of changes.
    void set_blind() noexcept;

    /// Ends all waiting, now and later.
    void close() noexcept;

    /// Returns what happened after event `number`. Waits for it for `patience` at most.
    [[nodiscard]] News wait_after(std::uint64_t number, std::chrono::milliseconds patience);

    /// Returns the number of the last event; 0 before the first.
    [[nodiscard]] std::uint64_t last() const;

    /// Returns what a client may send back to go on after event `number`. No other log has the same text.
    [[nodiscard]] std::string id_of(std::uint64_t number) const;

    /// Returns the number in such a text, or nothing if this log did not write it.
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

/// How long a stream goes on at most after its listener may no longer listen.
inline constexpr std::chrono::milliseconds listener_period{250};

/// Whom a stream is for. A plain value.
struct StreamListener {
    std::string reviewer{};  ///< one of several; empty if there is only one
    std::function<bool()>
        may_listen{};  ///< asked before anything is told, and every `listener_period`; empty means always
};

/// What one client has yet to be told: a place in the log that all clients share. One thread asks it.
class EventStream final : public BodyStream {
public:
    /// Tells `greeting` first, then what happened after event `number`. Keeps a reference to `log`.
    EventStream(EventLog& log, std::uint64_t number, std::string greeting, StreamListener listener = {});

    /// Returns the text to send next, or a heartbeat if nothing happens within `patience`. Returns nothing once the hub
    /// was closed or the listener may no longer listen. A client that the log has left behind is told to begin again.
    /// If the storage no longer tells of anything, the client is told at every heartbeat to look at everything.
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

/// Passes the storage's changes on to all streams, numbered. Thread-safe. Shared with the storage that it listens to;
/// outlives its streams.
class EventHub final : public ChangeListener {
public:
    explicit EventHub(std::size_t capacity, std::size_t remembered = EventLog::usual_most)
        : capacity_(capacity), log_(remembered) {}

    /// Returns a new stream that begins with `hello`, or nothing if as many as allowed are already open. One of several
    /// reviewers may have half of them at most. A stream counts until its last owner lets go of it. `now` is the time
    /// that hello tells. With `last_event_id` the stream goes on after that event, or says that it cannot and begins
    /// with what happens from now on.
    [[nodiscard]] std::shared_ptr<EventStream> open(std::string_view now,
                                                    std::optional<std::string_view> last_event_id = std::nullopt,
                                                    StreamListener listener = {});

    /// Ends every stream, also those that are opened later.
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
