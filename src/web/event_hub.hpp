#pragma once

#include "approvekit/storage.hpp"
#include "web/answer.hpp"
#include "web/event_log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::web {

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
