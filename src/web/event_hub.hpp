#pragma once

#include "approvekit/storage.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace approvekit::web {

/// How often a stream says something even if nothing happens: a closed client is noticed only by writing to it.
inline constexpr std::chrono::milliseconds heartbeat_period{2000};

/// The changes that one client has yet to be told. Thread-safe.
class EventStream {
public:
    /// `hello` is the first event.
    explicit EventStream(std::string hello);

    /// The text to send next, a heartbeat if nothing happens within `patience`; nothing once the stream has ended.
    [[nodiscard]] std::optional<std::string> next(std::chrono::milliseconds patience = heartbeat_period);

    void add(const Change& change);

    /// Changes can no longer be told: the client is made to look for itself at every heartbeat.
    void go_blind();

    void end();

private:
    void push(std::string text);

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::string> texts_;
    bool blind_ = false;
    bool ended_ = false;
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
