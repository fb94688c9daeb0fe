#pragma once

#include "approvekit/call_edit.hpp"
#include "approvekit/error.hpp"
#include "approvekit/event.hpp"
#include "approvekit/request.hpp"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace approvekit {

namespace detail {
class Agent;
class HeldCall;
class RunStop;
class RunningCall;
}  // namespace detail

/// The right to run one call, once. Its holder runs the tool and reports how the run ended.
///
/// Movable; not thread-safe. If it is destroyed without a report, the run is recorded as unknown. In a forked child
/// nothing is recorded: the parent reports how the run ended.
class Permit {
public:
    Permit(Permit&&) noexcept;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

    /// Call this last before the tool starts, with the arguments that the tool is about to get, converted to JSON
    /// again.
    ///
    /// Throws RequestAlteredError when they differ from what was submitted, PolicyDeniedError when a newer policy
    /// denies the call, and ApprovalCancelledError when the tool was already asked to stop. The refusal is then in the
    /// record and the permit is spent: nothing may run. Guarded tools and tickets call this themselves.
    void start(const Json& arguments);

    /// Refuses in the same way arguments that can no longer be converted to JSON.
    [[noreturn]] void refuse_as_altered();

    /// If a reviewer edited the arguments: the arguments to run the call with, including hidden values; start() then
    /// accepts no others. Null when nothing was edited, and when the permit is spent.
    [[nodiscard]] const Json* edited_arguments() const noexcept;
    /// What the reviewer changed. Nothing in the same cases.
    [[nodiscard]] std::optional<CallEdit> edit() const;
    /// Id of the grant under which the call runs. Empty: none, or the permit is spent.
    [[nodiscard]] std::string grant() const;
    /// Refuses the call, like refuse_as_altered(), when the tool cannot take the edited arguments. `why` gives the
    /// reason.
    [[noreturn]] void refuse_edit(std::string_view why);

    /// From now on, if the permit is destroyed before start(), the record says that the call was not started.
    void expect_start() noexcept;

    /// Call this before start() for a tool that takes a stop token, and give the tool the token of the result. The tool
    /// is asked to stop when `caller` is, or when the run_timeout of its rule has passed. Throws MisuseError when the
    /// permit is spent.
    ///
    /// If the rule has a run_timeout and this was not called, start() throws PolicyDeniedError, and the record says
    /// that the call was not started.
    [[nodiscard]] std::shared_ptr<detail::RunStop> stoppable(const std::stop_token& caller = {});

    /// Whether the end of the run was reported, or the permit was moved from.
    [[nodiscard]] bool is_spent() const noexcept { return !run_; }

    /// The tool returned.
    void executed() noexcept;
    /// The tool returned `result`, which is recorded.
    void executed(const Json& result) noexcept;
    /// Whether results are recorded; see ApproveKit::Options.
    [[nodiscard]] bool records_results() const noexcept;
    /// The tool threw; secrets are masked in `error`.
    void failed(std::string_view error) noexcept;
    /// The tool let an error of ApproveKit escape. Returns the error to throw instead. Call it while `error` is being
    /// handled.
    [[nodiscard]] ToolFailedError failed_within(const Error& error);
    /// The tool cannot tell whether it had its effect.
    void unknown(std::string_view reason) noexcept;
    /// The tool was not started, and will not be.
    void not_started(std::string_view reason) noexcept;

private:
    friend class detail::Agent;
    friend class detail::HeldCall;
    friend class detail::RunningCall;
    struct Run;
    explicit Permit(std::unique_ptr<Run> run) noexcept;

    static void tell(const Run& run, Event::Kind kind, const std::string& what);
    void limit_run();
    [[noreturn]] void refuse_as(const std::string& reason);
    [[nodiscard]] std::optional<std::string> find_new_denial(const Json& arguments);
    void refuse_if_denied(const Json& arguments);
    [[noreturn]] void refuse_as_endless();
    [[noreturn]] void refuse_as_cancelled(const std::string& reason);
    void finish(RunState state, std::string_view note) noexcept;
    template <typename Report>
    void close(RunState state, std::string_view words, Report report) noexcept;

    std::unique_ptr<Run> run_;
};

}  // namespace approvekit
