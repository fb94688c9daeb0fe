#pragma once

#include "agent/call_scrubber.hpp"
#include "agent/threads.hpp"
#include "approvekit/redaction.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>

namespace approvekit::detail {

/// What a waiting call is told. Not to be relied on: only the storage knows.
enum class Notice {
    none,
    voted,     ///< somebody may have voted, and the call waits on
    look,      ///< something may have happened
    approved,  ///< as the storage saw it a moment ago
};

/// A call that waits for its decision. Thread-safe.
class WaitingCall {
public:
    explicit WaitingCall(CallScrubber scrubber) : scrubber_(std::move(scrubber)) {}

    /// Before anybody else knows of it: it is told of votes too.
    void follow_votes() noexcept { follows_votes_ = true; }
    [[nodiscard]] bool follows_votes() const noexcept { return follows_votes_; }

    /// Something may have happened to the request. Allocates nothing, as little memory as there may be.
    void call(Notice notice) noexcept;

    // Both halves of it: the second one calls the listener, if that is due.
    void note(Notice notice) noexcept;
    void tell() noexcept;
    [[nodiscard]] bool is_due() const noexcept;

    /// Another ticket waits for the request in its place from now on; calls it.
    void replace() noexcept;
    [[nodiscard]] bool is_replaced() const noexcept;

    /// Waits until called, until `stop` is asked for or `deadline`. Takes the call back.
    Notice wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline);

    /// Takes the call back without waiting; put_back() undoes it unless another one came meanwhile.
    [[nodiscard]] Notice take();
    void put_back(Notice notice);

    /// Each call from now on calls `listener` as well, on its own thread.
    void listen(std::function<void()> listener);
    /// The same for another call, as long as that lives.
    void ring_at(const std::shared_ptr<WaitingCall>& bell);

    [[nodiscard]] bool called() const;
    [[nodiscard]] const CallScrubber& scrubber() const noexcept { return scrubber_; }

private:
    CallScrubber scrubber_;
    mutable std::mutex mutex_;
    Condition condition_;
    Notice notice_ = Notice::none;
    std::shared_ptr<const std::function<void()>> listener_;
    bool is_due_ = false;
    bool is_replaced_ = false;
    bool follows_votes_ = false;
    std::weak_ptr<WaitingCall> bell_;
};

/// Where all calls of an agent wait: a change costs one look-up, however many others wait. Thread-safe.
class WaitingCalls final : public ChangeListener {
public:
    /// Replaces the call that waits for the request already, where there is one.
    void enter(const std::string& request_id, std::shared_ptr<WaitingCall> waiting);
    /// Nothing happens when another call waits in its place by now.
    void leave(const std::string& request_id, const std::shared_ptr<WaitingCall>& waiting) noexcept;

    /// The call of a request that waits here; null for any other.
    [[nodiscard]] std::shared_ptr<WaitingCall> find(const std::string& request_id) const;

    void on_change(const Change& change) noexcept override;
    void on_watch_failed(const std::string& reason) noexcept override;

private:
    void call_everybody() noexcept;
    [[nodiscard]] std::shared_ptr<WaitingCall> next_due() const noexcept;

    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<WaitingCall>> calls_;
};

}  // namespace approvekit::detail
