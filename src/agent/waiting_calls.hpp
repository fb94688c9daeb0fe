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

/// What a waiting call is told. Not reliable: only the storage knows.
enum class Notice {
    none,
    voted,     ///< somebody may have voted, but the call waits on
    look,      ///< something may have happened
    approved,  ///< as the storage saw it a moment ago
};

/// A call that waits for its decision. Thread-safe.
class WaitingCall {
public:
    explicit WaitingCall(CallScrubber scrubber) : scrubber_(std::move(scrubber)) {}

    /// To be called before anybody else knows of this object: it is then told of votes too.
    void follow_votes() noexcept { follows_votes_ = true; }
    [[nodiscard]] bool follows_votes() const noexcept { return follows_votes_; }

    /// Tells it that something may have happened to the request. Allocates nothing, however little memory there is.
    void call(Notice notice) noexcept;

    // The two halves of call(). The second one calls the listener if that is due.
    void note(Notice notice) noexcept;
    void tell() noexcept;
    [[nodiscard]] bool is_due() const noexcept;

    /// From now on another ticket waits for the request in this one's place. Notifies this one.
    void replace() noexcept;
    [[nodiscard]] bool is_replaced() const noexcept;

    /// Waits for a notice, for `stop` or until `deadline`. Returns the notice and clears it.
    Notice wait(const std::stop_token& stop, std::chrono::steady_clock::time_point deadline);

    /// Returns the notice and clears it, without waiting. put_back() undoes that unless another notice came meanwhile.
    [[nodiscard]] Notice take();
    void put_back(Notice notice);

    /// From now on each notice also calls `listener`, on the thread that brings the notice.
    void listen(std::function<void()> listener);
    /// From now on each notice also goes to `bell`, as long as that exists.
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

/// All waiting calls of an agent. A change costs one look-up, however many others wait. Thread-safe.
class WaitingCalls final : public ChangeListener {
public:
    /// Replaces the call that already waits for the request, if there is one.
    void enter(const std::string& request_id, std::shared_ptr<WaitingCall> waiting);
    /// Does nothing if another call waits in its place by now.
    void leave(const std::string& request_id, const std::shared_ptr<WaitingCall>& waiting) noexcept;

    /// Returns the call that waits here for the request, or null if none does.
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
