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

/// A run that continues after its tool has returned, until somebody reports how it ended; the first report counts.
///
/// Shared by the tool's completion, the caller's ticket and, as long as it runs, the kit. Thread-safe. Owns the permit,
/// which is spent when the run ends; this also releases the storage.
class RunningCall {
public:
    /// `stop` asks the tool to stop; null for a tool that cannot be asked.
    RunningCall(Permit permit, std::shared_ptr<RunStop> stop);
    virtual ~RunningCall() = default;

    RunningCall(const RunningCall&) = delete;
    RunningCall& operator=(const RunningCall&) = delete;

    // The tool's side. Each returns whether it ended the run; an earlier report stands.

    /// It ended with `error`. Throws MisuseError for a null pointer.
    bool fail(const std::exception_ptr& error);
    /// Nobody can tell how it ended. The caller gets an OutcomeUnknownError with the tool's name and `reason`.
    bool unknown(std::string_view reason);
    /// Its tool threw `error`. `others_may_answer` says whether somebody still has its completion; then nobody can tell
    /// whether the work continues. Does nothing if there already was an answer.
    void end_thrown(const std::exception_ptr& error, bool others_may_answer);
    /// Nobody is left who could report the end.
    void drop() noexcept;
    void close() noexcept;

    // The caller's side.

    /// Returns when the run has ended.
    void wait();
    [[nodiscard]] bool has_ended() const;
    /// Calls `listener` when the run has ended: on the thread that ends it, or on the thread where coroutines resume if
    /// the kit's timer ends it. An exception terminates the program. Returns false when the run has already ended; then
    /// nothing is called. Replaces the previous listener.
    [[nodiscard]] bool on_ended(std::function<void()> listener);
    void cancel() noexcept;
    /// From now on a stop request on `caller` cancels it. Not thread-safe.
    void follow(const std::stop_token& caller);

    /// Nobody else uses the permit before the start.
    [[nodiscard]] Permit& permit() noexcept { return permit_; }
    /// Call it once, last before the tool starts: from now on closing the kit ends the run. `self` is this object;
    /// `tool` is kept until the run has ended. Throws ApprovalCancelledError when the kit was closed, and
    /// std::bad_alloc; the record then says that the call was not started.
    void enter(const std::shared_ptr<RunningCall>& self, std::shared_ptr<const void> tool);
    /// The tool has returned: what this thread does from now on is not part of the run.
    void leave_thread() noexcept;

protected:
    /// Whether the calling function is the first to report the end. Always false in a forked child.
    [[nodiscard]] bool claim_end();
    [[nodiscard]] bool records_results() const noexcept { return permit_.records_results(); }
    /// Records that the tool succeeded. `result` may be null. Returns the exception that the caller gets instead of the
    /// result, or null.
    [[nodiscard]] std::exception_ptr record_executed(const Json* result) noexcept;
    /// Notifies waiting code once there is a result.
    void tell_end() noexcept;

    /// Stores what the caller gets.
    virtual void keep_error(std::exception_ptr error) noexcept = 0;
    /// Whether the caller wants every exception described in ApproveKit's own words.
    [[nodiscard]] virtual bool speaks_to_model() const noexcept { return false; }

private:
    void abandon(const char* reason) noexcept;
    /// The queue on which to report the end; null for the current thread.
    [[nodiscard]] std::shared_ptr<TimerQueue> elsewhere() const noexcept;
    void end_failed(const std::exception_ptr& error);
    void fail_in_own_words(const std::exception& cause);
    void end_unknown(std::string_view reason, const std::exception_ptr& told) noexcept;
    void keep(std::exception_ptr told) noexcept;
    [[nodiscard]] std::exception_ptr stopped() const noexcept;

    /// The copy in a forked child ends nothing and stops nothing.
    [[nodiscard]] bool is_inherited() const noexcept;

    const std::string tool_name_;
    const std::int64_t process_;
    Permit permit_;
    const std::shared_ptr<RunStop> stop_;
    // Used first by the thread that starts the run, then by the one that ends it.
    std::shared_ptr<Agent> agent_;
    std::shared_ptr<const void> tool_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable ended_;
    bool is_claimed_ = false;
    bool has_ended_ = false;
    std::function<void()> listener_;
};

}  // namespace approvekit::detail
