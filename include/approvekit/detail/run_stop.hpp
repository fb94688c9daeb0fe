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

/// Whether the note of a run on record says that it was asked to stop.
[[nodiscard]] bool tells_of_a_stop(std::string_view note) noexcept;

/// How one run is asked to stop, and whether that came before it ended.
///
/// Shared by the permit of the run, its tool and whoever waits for it. Thread-safe, but for follow().
class RunStop {
public:
    /// `run_timeout` is what the policy's rule says, zero for nothing; it is only told of, the caller measures it.
    RunStop(std::string tool_name, std::string request_id, std::chrono::seconds run_timeout);
    ~RunStop() = default;

    RunStop(const RunStop&) = delete;
    RunStop& operator=(const RunStop&) = delete;

    /// The token that the tool gets.
    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

    /// From now on whoever asks `caller` to stop cancels this run, besides those that it follows already. Throws
    /// std::bad_alloc; then it does not follow.
    void follow(const std::stop_token& caller);

    /// Asks the tool to stop, unless it was asked before or has ended. The tool's own stop callbacks run on this thread;
    /// an exception of one ends the program.
    void cancel() noexcept;
    void time_out() noexcept;

    /// Whether it was asked to stop by now.
    [[nodiscard]] bool is_asked() const noexcept;

    /// The run has ended as `state`; none: it did not start. What is asked after that comes too late.
    void end(RunState state) noexcept;
    /// Once after that: what the record and throw_if_stopped() say of it. `note` says more, and has no secrets.
    [[nodiscard]] std::string tell(std::string_view note);

    /// Throws RunStoppedError when it has ended, and was asked to stop before that.
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
