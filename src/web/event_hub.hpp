#pragma once

#include "approvekit/storage.hpp"
#include "review/change_queue.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace approvekit::web {

/// How often a stream says something even if nothing happens: a closed client is noticed only by writing to it.
inline constexpr std::chrono::milliseconds heartbeat_period{2000};

/// The changes that one client has yet to be told. Thread-safe, but for next(), which one thread asks.
class EventStream {
public:
    /// `hello` is the first event.
    explicit EventStream(std::string hello);

    /// The text to send next, a heartbeat if nothing happens within `patience`; nothing once the stream has ended.
    [[nodiscard]] std::optional<std::string> next(std::chrono::milliseconds patience = heartbeat_period);

    /// What the client is to be told. Once that is no longer known, it is made to look for itself at every heartbeat.
    [[nodiscard]] ChangeListener& changes() noexcept { return changes_; }

    void end() { ending_.request_stop(); }

private:
    /// A client that reads more slowly than this many requests change is told to look for itself instead.
    static constexpr std::size_t most_changes = 256;

    std::optional<std::string> hello_;
    review::ChangeQueue changes_{most_changes};
    std::stop_source ending_;
};

/// Passes the storage's changes on to all streams. Thread-safe; shared with the storage it listens to.
class EventHub final : public ChangeListener {
public:
    explicit EventHub(std::size_t capacity) : capacity_(capacity) {}

    /// A new stream, or nothing when as many as allowed are open already. It counts until its last owner lets go.
    [[nodiscard]] std::shared_ptr<EventStream> open(std::string hello);

    /// Ends every stream, and those that are yet to be opened.
    void close();

    void on_change(const Change& change) noexcept override;
    void on_watch_failed(const std::string& reason) noexcept override;

private:
    /// Those that are still open.
    [[nodiscard]] std::vector<std::shared_ptr<EventStream>> streams();

    const std::size_t capacity_;
    std::mutex mutex_;
    std::vector<std::weak_ptr<EventStream>> streams_;
    bool blind_ = false;
    bool closed_ = false;
};

}  // namespace approvekit::web
