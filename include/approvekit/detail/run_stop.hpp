#pragma once

#include "approvekit/request.hpp"

#include <chrono>
#include <cstdint>
#include <forward_list>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace approvekit::detail {

/// Whether the recorded note of a run says that it was asked to stop.
[[nodiscard]] bool tells_of_a_stop(std::string_view note) noexcept;

/// Asks one run to stop, and knows whether that happened before the run ended.
///
/// Shared by the run's permit, its tool and the code that waits for it. Thread-safe, except follow().
class RunStop {
public:
    /// `run_timeout` is the one of the policy's rule, or zero. It is only used in texts; the caller measures the time.
    RunStop(std::string tool_name, std::string request_id, std::chrono::seconds run_timeout);
    ~RunStop() = default;

    RunStop(const RunStop&) = delete;
    RunStop& operator=(const RunStop&) = delete;

    /// The token that the tool gets.
    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

    /// From now on a stop request on `caller` cancels this run, in addition to the tokens that it already follows.
    /// Throws std::bad_alloc; then it does not follow `caller`.
    void follow(const std::stop_token& caller);

    /// Asks the tool to stop, unless it was already asked or has ended. The tool's stop callbacks run on this thread;
    /// an exception of a callback terminates the program.
    void cancel() noexcept;
    void time_out() noexcept;

    /// Whether it was asked to stop.
    [[nodiscard]] bool is_asked() const noexcept;

    /// The run has ended as `state`; none: it did not start. Later stop requests have no effect.
    void end(RunState state) noexcept;
    /// Call it once after that: returns what the record and throw_if_stopped() say about it. `note` adds details and
    /// contains no secrets.
    [[nodiscard]] std::string tell(std::string_view note);

    /// Throws RunStoppedError if the run has ended and was asked to stop before that.
    void throw_if_stopped() const;

private:
    enum class Reason : std::uint8_t { none, cancelled, timed_out };

    struct Cancel {
        RunStop* run;
        void operator()() const noexcept { run->cancel(); }
    };

    void ask(Reason reason) noexcept;

    const std::string tool_name_;
    const std::string request_id_;
    const std::chrono::seconds run_timeout_;
    std::stop_source source_;

    mutable std::mutex mutex_;  // guards what follows
    Reason reason_ = Reason::none;
    bool has_ended_ = false;
    RunState state_ = RunState::none;
    std::string story_;

    std::forward_list<std::stop_callback<Cancel>> callers_;  // last: one may be calling while this goes
};

}  // namespace approvekit::detail
