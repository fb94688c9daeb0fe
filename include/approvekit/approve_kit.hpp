#pragma once

#include "approvekit/agent_secret.hpp"
#include "approvekit/call.hpp"
#include "approvekit/clock.hpp"
#include "approvekit/event.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"
#include "approvekit/pending_call.hpp"
#include "approvekit/permit.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/stop.hpp"
#include "approvekit/storage.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit {

namespace detail {
class Agent;

/// Throws Error (invalid_option) when two parameters of a tool have the same name.
void require_distinct(std::span<const std::string> names);
}  // namespace detail

/// Whether a tool can be asked to stop while it runs. A rule with a run_timeout runs only tools that can.
enum class CanStop { no, yes };

/// For a tool without parameters: `kit.guard("rotate_logs", {}, rotate)`.
struct NoNames {};

/// Details of the program's own decision: `kit.approve(id, {.notes = "small enough", .reviewer = "limits"})`.
struct CodeAnswer {
    std::string notes = {};         ///< for the agent and the record
    std::string reviewer = "code";  ///< the name the decision is made in
};

/// The agent's side. Stands between a program and its tools, and lets a call through only when the policy or a person
/// allows exactly that call.
///
/// A handle: copies share one agent, its storage and its policy. Thread-safe. Wrapped tools hold such a copy, so they
/// stay usable after the kit they came from is destroyed.
///
/// When the last copy is destroyed, work that is still running after its tool has returned (see Completion) is recorded
/// as unknown. Code that waits for that work resumes inside the destructor. From then on such work is not started any
/// more, and the kit cannot be copied: the copy constructor, guard() and with() throw MisuseError. If a tool holds a
/// copy of the kit or a guarded tool, the kit and its storage stay alive as long as that tool; let the tool hold a
/// reference instead.
class ApproveKit {
public:
    struct Options {
        /// The agent's name, as reviewers see it. Empty: the program's name and process id.
        std::string agent;
        /// Limits on the size of arguments.
        JsonLimits argument_limits;
        /// Called for what happens to calls, on the thread where it happens. log_events() returns one that writes to
        /// stderr.
        EventListener on_event;
        /// The environment ("production") of every call that does not name its own, and tags that every call gets; see
        /// Call. Conditions of a policy see them too. Empty: not known.
        std::string environment;
        std::vector<std::string> tags;
        /// Whether the results of tools are recorded and shown to reviewers, as JSON. What the policy hides of the call
        /// is masked in the result, and only the first 16 KiB are kept.
        bool record_results = false;
        /// A secret that is kept across restarts does two things. Calls with an idempotency key can be compared after a
        /// restart even where the policy hides some of their arguments. And it proves that an agent with this secret
        /// wrote what reviewers were shown. Without it, such a call is asked again after a restart.
        std::optional<AgentSecret> secret;
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// Throws Error (invalid_option) when `storage` is null, and ArgumentsRefusedError when the environment or the tags
    /// exceed the limits in call.hpp.
    ApproveKit(Policy policy, std::shared_ptr<Storage> storage);
    ApproveKit(Policy policy, std::shared_ptr<Storage> storage, Options options);

    /// Throw MisuseError while the last copy is being destroyed.
    ApproveKit(const ApproveKit& other);
    ApproveKit& operator=(const ApproveKit& other);
    ApproveKit(ApproveKit&&) noexcept = default;
    ApproveKit& operator=(ApproveKit&&) noexcept = default;
    ~ApproveKit() = default;

    /// Returns a copy of the kit that gives every call this context: `kit.with(call).try_call(...)`,
    /// `kit.with(call).submit(...)`. Tools that the copy wraps keep the context.
    [[nodiscard]] ApproveKit with(Call call) const;

    /// Wraps a callable: `kit.guard("send_email", {"to", "subject", "body"}, send)`. The result takes the same
    /// parameters and returns the same type; see Guarded in guard.hpp. Two kinds of parameters are not arguments and
    /// get no name: a Completion as the first parameter, for work that ends after the tool has returned, and a
    /// std::stop_token as the last one, through which the tool is asked to stop.
    template <typename Callable, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Callable callable) const;
    template <typename Callable>
    [[nodiscard]] auto guard(std::string tool_name, NoNames, Callable callable) const;

    /// Wraps a member function of `object`, which must outlive the result.
    template <typename Object, typename Member, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Member member,
                             Object& object) const;
    /// The same, for an object that the result shares ownership of. Throws Error (invalid_option) for a null pointer.
    template <typename Object, typename Member, std::size_t Count>
    [[nodiscard]] auto guard(std::string tool_name, const char* const (&names)[Count], Member member,
                             std::shared_ptr<Object> object) const;

    /// Wraps a callable whose first parameter is `const Json&`. Reviewers see that value; the other parameters are
    /// passed through and not reviewed. See GuardedJson in guard.hpp.
    template <typename Callable>
    [[nodiscard]] auto guard(std::string tool_name, Callable callable) const;

    /// For agent loops: calls a tool by name, with its arguments as JSON text as a model writes them. `callable` takes
    /// `const Json&`. A blank text counts as `{}`, since models write that for a tool without parameters. Throws
    /// ArgumentsRefusedError when the text is not one JSON value.
    template <typename Callable>
    decltype(auto) call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                        std::stop_token stop = {}) const;

    /// The same, but returns a refusal as a value.
    template <typename Callable>
    [[nodiscard]] auto try_call(std::string_view tool_name, std::string_view arguments, Callable&& callable,
                                std::stop_token stop = {}) const;

    /// Asks for a call whose arguments are already JSON: evaluates the policy, records the call, waits for the decision
    /// and claims it. `order` lists the names of the arguments in the order in which to show them; without it they are
    /// shown alphabetically. With CanStop::yes, the caller must use Permit::stoppable(). For `stop` see
    /// PendingCall::wait(). Throws RefusedError when the call must not run and StorageError when the record fails.
    [[nodiscard]] Permit admit(std::string_view tool_name, const Json& arguments, std::stop_token stop = {},
                               std::span<const std::string> order = {}, CanStop can_stop = CanStop::no) const;

    /// The same, but does not wait.
    [[nodiscard]] PendingCall submit(std::string_view tool_name, const Json& arguments,
                                     std::span<const std::string> order = {}, CanStop can_stop = CanStop::no) const;

    /// Parses arguments strictly; a blank text counts as `{}`. Throws ArgumentsRefusedError, which names the tool.
    [[nodiscard]] Json parse_arguments(std::string_view tool_name, std::string_view text) const;

    /// Tells Options::on_event about a call that failed before it was submitted, because its tool cannot take
    /// `arguments`. Returns the refusal for the caller to throw. What the policy hides of the arguments is masked in
    /// both.
    [[nodiscard]] ArgumentsRefusedError refuse_arguments(const std::string& tool_name, const Json& arguments,
                                                         std::string_view why) const;
    /// The same for another reason. The error's text must not contain values of the arguments.
    void tell_refused(const RefusedError& error) const;
    /// Tells Options::on_event that a changed policy was not accepted, and why.
    void tell_refused(const PolicyError& error) const;

    /// Approve or reject a request from code. Throw DecisionError (not_found, already_decided, expired, altered) and
    /// Error (invalid_option) for a name or a note that a reviewer may not have; see reviewer.hpp.
    void approve(std::string_view request_id, const CodeAnswer& answer = {}) const;
    void reject(std::string_view request_id, const CodeAnswer& answer = {}) const;

    /// Stop calls of all agents that use this record, lift a stop, and list stops; see Storage. `reviewer` is the name
    /// it is done in.
    Stop stop(const StopOrder& order, std::string_view reviewer = "code") const;
    Stop resume(std::string_view stop_id, std::string_view reviewer = "code") const;
    [[nodiscard]] std::vector<Stop> stops(StopList which = StopList::in_force) const;

    /// Replaces the policy: for all copies of the kit, and for every call that is asked after this has returned. See
    /// policy_file.hpp for a policy that follows a file.
    ///
    /// A call that was asked before keeps the policy that it was asked under: its deadlines, who decides, and what is
    /// hidden of it, to its end. The new policy affects it in two ways. First, the call does not start if the new
    /// policy denies it, judged as of the time when it was asked: its reviewers see that, and its caller gets
    /// PolicyDeniedError. Second, if the new policy lists reviewers with keys, a signature by a reviewer whom it does
    /// not list with the same key no longer counts for a call that has not been released to run yet.
    ///
    /// An equal policy changes nothing. Any other is reported to Options::on_event. Throws std::bad_alloc; then the
    /// previous policy stays in force.
    void reload(Policy policy) const;

    /// Returns a copy of the policy in force, which later reloads do not change. Keep the copy as long as you use
    /// anything that refers to it. In a forked child this and reload() may throw StorageError (storage_forked).
    [[nodiscard]] Policy policy() const;
    [[nodiscard]] Storage& storage() const noexcept;

private:
    /// Like call(). Sets `edit` to what a reviewer changed.
    template <typename Callable>
    decltype(auto) call_noting(std::optional<CallEdit>& edit, std::string_view tool_name, std::string_view arguments,
                               Callable&& callable, const std::stop_token& stop) const;

    std::shared_ptr<detail::Agent> agent_;  // closed with the last copy of this
    std::shared_ptr<const Call> call_;      // null: without a context of its own
};

}  // namespace approvekit

#include "approvekit/guard.hpp"
