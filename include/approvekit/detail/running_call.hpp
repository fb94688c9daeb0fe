#pragma once

#include "approvekit/detail/run_stop.hpp"
#include "approvekit/json.hpp"
#include "approvekit/permit.hpp"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace approvekit::detail {

class TimerQueue;

/// A run that goes on after its tool has returned, until somebody says how it ended; whoever is first counts.
///
/// Shared by the tool's completion, the caller's ticket and, as long as it runs, the kit. Thread-safe. Owns the permit,
/// which is spent when the run ends, and with it the last hold on the storage.
class RunningCall {
public:
    /// `stop` is how the tool is asked to stop; null for one that cannot be.
    RunningCall(Permit permit, std::shared_ptr<RunStop> stop);
    virtual ~RunningCall() = default;

    RunningCall(const RunningCall&) = delete;
    RunningCall& operator=(const RunningCall&) = delete;

    // The tool's side. Each returns whether it was the one that ended the run; what was said before stands.

    /// It ended with `error`. Throws MisuseError for a null one.
    bool fail(const std::exception_ptr& error);
    /// Nobody can tell how it ended. What the caller gets is an OutcomeUnknownError with the tool's name and `reason`.
    bool unknown(std::string_view reason);
    /// Its tool threw `error`; `others_may_answer` says whether somebody still has its completion: then nobody can tell
    /// whether the work goes on. Nothing when it answered before.
    void end_thrown(const std::exception_ptr& error, bool others_may_answer);
    /// Nobody is left who could say.
    void drop() noexcept;
    void close() noexcept;

    // The caller's side.

    /// Returns when the run has ended.
    void wait();
    [[nodiscard]] bool has_ended() const;
    /// Has `listener` called when it has ended, on the thread that ends it, or on that where coroutines go on when the
    /// kit's clock does; an exception ends the program. False when it has ended already: then nothing is called.
    /// Replaces the one before.
    [[nodiscard]] bool on_ended(std::function<void()> listener);
    void cancel() noexcept;
    /// From now on whoever asks `caller` to stop cancels it. One thread at a time.
    void follow(const std::stop_token& caller);

    /// Nobody else uses the permit while it is not started.
    [[nodiscard]] Permit& permit() noexcept { return permit_; }
    /// To be called once, last before the tool starts: from now on a kit that is closed ends the run. `self` is this;
    /// `tool` is kept until the run has ended. Throws ApprovalCancelledError when the kit was closed, and
    /// std::bad_alloc; the record then says that it was not started.
    void enter(const std::shared_ptr<RunningCall>& self, std::shared_ptr<const void> tool);
    /// The tool has returned: what this thread does from now on is no part of the run.
    void leave_thread() noexcept;

protected:
    /// Whether the caller is the first who says how it ended. Never in a forked child.
    [[nodiscard]] bool claim_end();
    [[nodiscard]] bool records_results() const noexcept { return permit_.records_results(); }
    /// Puts on record that the tool ended well. `result` may be null. What the caller is told instead of the result; null
    /// for the result.
    [[nodiscard]] std::exception_ptr record_executed(const Json* result) noexcept;
    /// Tells whoever waits, once there is a result.
    void tell_end() noexcept;

    /// Keeps what the caller is told.
    virtual void keep_error(std::exception_ptr error) noexcept = 0;
    /// Whether the caller wants every exception in words of ApproveKit's own.
    [[nodiscard]] virtual bool speaks_to_model() const noexcept { return false; }

private:
    void abandon(const char* reason) noexcept;
    /// Where to tell of the end instead of here; null for here.
    [[nodiscard]] std::shared_ptr<TimerQueue> elsewhere() const noexcept;
    void end_failed(const std::exception_ptr& error);
    void fail_in_own_words(const std::exception& cause);
    void end_unknown(std::string_view reason, const std::exception_ptr& told) noexcept;
    void keep(std::exception_ptr told) noexcept;
    [[nodiscard]] std::exception_ptr stopped() const noexcept;

    /// The copy that a fork leaves in a child ends nothing and stops nothing.
    [[nodiscard]] bool is_inherited() const noexcept;

    const std::string tool_name_;
    const std::int64_t process_;
    Permit permit_;
    const std::shared_ptr<RunStop> stop_;
    // Of whoever starts it, and then of whoever ends it.
    std::shared_ptr<Agent> agent_;
    std::shared_ptr<const void> tool_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable ended_;
    bool is_claimed_ = false;
    bool has_ended_ = false;
    std::function<void()> listener_;
};

}  // namespace approvekit::detail
