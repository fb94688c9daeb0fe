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

/// The right to run one call, once. Whoever holds it runs the tool and says how that ended.
///
/// Movable; not thread-safe. Without a word at its end the run is recorded as unknown. In a forked child nothing is
/// recorded: the parent says how the run ended.
class Permit {
public:
    Permit(Permit&&) noexcept;
    Permit& operator=(Permit&&) = delete;
    ~Permit();

    /// To be called last before the tool starts, with the arguments that it is about to get, made into JSON again.
    ///
    /// Throws RequestAlteredError when they are not those that were submitted, PolicyDeniedError when a policy that came
    /// into force since denies the call, and ApprovalCancelledError when the tool was asked to stop already. That is on
    /// record as refused then, and the permit is spent: nothing may run. Guarded tools and tickets call it themselves.
    void start(const Json& arguments);

    /// The same for arguments that cannot be made into JSON any more.
    [[noreturn]] void refuse_as_altered();

    /// The arguments with which the call is to run, hidden values included, where a reviewer edited them: start() accepts
    /// no others then. Null where they are those that were submitted, and when the permit is spent.
    [[nodiscard]] const Json* edited_arguments() const noexcept;
    /// What the reviewer changed; nothing in the same cases.
    [[nodiscard]] std::optional<CallEdit> edit() const;
    /// The grant by which the call runs; empty: none, or the permit is spent.
    [[nodiscard]] std::string grant() const;
    /// For a tool that cannot take the edited arguments, and why: as refuse_as_altered().
    [[noreturn]] void refuse_edit(std::string_view why);

    /// From now on a permit that goes before start() leaves on record that the call was not started.
    void expect_start() noexcept;

    /// To be called before start() for a tool that gets the token of what this returns: it is asked to stop when `caller`
    /// is, or when the run_timeout of its rule has passed. Throws MisuseError when the permit is spent.
    ///
    /// Where the rule has a run_timeout, start() throws PolicyDeniedError for a permit that this was not asked of: the
    /// record says that the call was not started.
    [[nodiscard]] std::shared_ptr<detail::RunStop> stoppable(const std::stop_token& caller = {});

    /// Whether it was said how the run ended, or the permit was moved from.
    [[nodiscard]] bool is_spent() const noexcept { return !run_; }

    /// The tool returned.
    void executed() noexcept;
    /// The tool returned `result`, which is put on record.
    void executed(const Json& result) noexcept;
    /// Whether results are to be put on record; see ApproveKit::Options.
    [[nodiscard]] bool records_results() const noexcept;
    /// The tool threw; secrets are masked in `error`.
    void failed(std::string_view error) noexcept;
    /// The tool threw what ApproveKit threw at it. Returns what to throw instead, while `error` is being handled.
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
